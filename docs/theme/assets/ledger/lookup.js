/* Which rows of the ledger an error text means: src/tfnotes/ledger/lookup.py says why and how;
   this is the same arithmetic for the browser, and a test holds both to the same answers. */
(() => {
  const TRACE = /^\s*(?:File "|Traceback \(|During handling|The above exception|~*\^+~*\s*$)/;
  const MESSAGE = /(?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*(?:Error|Exception|Warning|Interrupt)\b:/g;
  const NOISE = /0x[0-9a-fA-F]+|(?:[A-Za-z]:)?(?:[\\/][\w.\-+]+){2,}|\x1b\[[0-9;]*m|https?:\/\/\S+/g;
  const WORD = /[A-Za-z_][A-Za-z0-9_]*/g;
  const COMPLAINT = /(?:attribute|arguments?(?: '\w+')*|import name|[Mm]odule named|module|KeyError:|recogni[sz]ed:|passed to \w+:) *\(?\{?['"](?<name>[\w.:]+)['"]|\b(?<function>\w+)\(\) (?:got|missing|takes)/g;

  const wordsOf = (text) =>
    (text.replace(NOISE, " ").match(WORD) || []).filter((word) => word.length > 1).map((word) => word.toLowerCase());

  /* The last error's message, and everything else that is not a traceback's frame. */
  const split = (text) => {
    const starts = [...text.matchAll(MESSAGE)].map((found) => found.index);
    const start = starts.length ? starts[starts.length - 1] : text.length;
    const aside = text.slice(0, start).split(/\r\n|\r|\n/).filter((line) => !TRACE.test(line)).join(" ");
    return starts.length ? [text.slice(start), aside] : [aside, ""];
  };

  const weigh = (text, index) => {
    const [message, aside] = split(text);
    const head = message.slice(0, index.head);
    const weights = new Map();
    for (const [part, weight] of [[head, 1], [message.slice(index.head), index.aside], [aside, index.aside]]) {
      for (const word of wordsOf(part)) weights.set(word, Math.max(weights.get(word) || 0, weight));
    }
    for (const { groups } of head.matchAll(COMPLAINT)) {
      for (const word of wordsOf(groups.name || groups.function).slice(-1)) weights.set(word, index.named);
    }
    const words = wordsOf(head);
    return [weights, new Set(words.slice(1).map((word, at) => `${words[at]} ${word}`))];
  };

  const unpack = (index) => index.unpacked ||= index.rows.map(([id, fields, pairs]) => {
    const words = new Map();
    for (const [value, list] of Object.entries(fields)) for (const word of list.split(" ")) words.set(word, +value);
    return { id, words, pairs: new Set(pairs.split("|")) };
  });

  /* Rows that share something with the text, best first; `share` says what of the message a row has. */
  const rank = (text, index, most = 5) => {
    const [weights, pairs] = weigh(text, index);
    const worth = (word) => (Object.hasOwn(index.worth, word) ? index.worth[word] : 0);
    const rarest = index.rarest ||= Math.max(0, ...Object.values(index.worth));
    const sum = (list, value) => [...list].reduce((total, one) => total + value(one), 0);
    const pairWorth = (pair) => index.pair * sum(pair.split(" "), worth);
    const heavy = [...weights].filter(([, weight]) => weight >= 1);
    const message = heavy.length ? heavy : [...weights];
    const whole = index.best * sum(message, ([word, weight]) => weight * (worth(word) || rarest)) + sum(pairs, pairWorth);
    const shared = (list, words) => sum(list, ([word, weight]) => weight * worth(word) * (words.get(word) || 0));
    return unpack(index)
      .map(({ id, words, pairs: together }) => {
        const near = sum([...pairs].filter((pair) => together.has(pair)), pairWorth);
        return { id, score: near + shared(weights, words), share: (near + shared(message, words)) / whole };
      })
      .filter(({ score }) => score > 0)
      .sort((one, other) => other.score - one.score)
      .slice(0, most);
  };

  globalThis.tfErrorLookup = { rank };
})();
