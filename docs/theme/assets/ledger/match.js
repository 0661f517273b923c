/* Which rows of the ledger a query asks for. Words of a name or of a note: every one of them stands in
   the row, in any order. A message, or what no row has all words of: the rows that it means, by what
   they share (lookup.js). `rows` are {id, name, text}, text in lower case; `index` is null until the
   rows' script is there. `ranked` says that the answer has an order. */
window.tfLedgerMatch = (rows, query, index) => {
  const text = query.trim();
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = rows.filter((row) => words.every((word) => row.text.includes(word)));
  const isMessage = /\n|\w(?:Error|Exception|Warning)\b|no attribute|no module|cannot import|unexpected keyword|recogni[sz]ed/i.test(text);
  if (!text || !index || (found.length && !isMessage)) return { found, ranked: false };
  const known = new Map(rows.map((row) => [row.id, row]));
  const near = tfErrorLookup.rank(text, index, 10);
  const sure = near.filter((one) => one.share >= index.fits);
  const best = (sure.length ? sure : near.slice(0, 3)).map((one) => known.get(one.id)).filter(Boolean);
  return { found: best, ranked: best.length > 0, near: !sure.length };
};
