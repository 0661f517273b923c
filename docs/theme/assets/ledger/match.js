/* Which rows of the ledger a query asks for: every word of it stands in the row, in any order.
   `rows` are {name, text}, both in lower case; the answer is those that match, best first. */
window.tfLedgerMatch = (rows, query) => {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => words.every((word) => row.text.includes(word)));
};
