/* Ranks pages for a query: an index in (search/index.js), a function of a query out. It touches
   neither the document nor the network, so a test can ask it anything.

   A query becomes terms. A term is the longest known name (the glossary's, docs/search.yml's) or a
   word, and stands for every other name of the same idea. A page counts by where it has a term
   (title, summary, heading, text), how rare the term is, and how many of the terms it has. An
   error message is looked up by its runs of words instead, and as the ledger's filter does it (ledger/lookup.js):
   a row that could have said it comes first. */
window.tfRanking = (index) => {
  const [CHAPTER, , ROWS] = [0, 1, 2];
  const SAID = 0.65;
  const BELOW_CHAPTERS = [1, 0.4, 0.22];
  const EDGE = "(?:^|[^a-z0-9])";
  const END = "(?![a-z0-9])";
  const STOP = new Set(("a an the of in on for with is are was do does did how i my me we you to what why when where which who " +
    "can could should be and or vs versus between from it its this that there have has get if by as at into please about not " +
    "example examples usage meaning explained understand using use many " +
    "看懂 读懂 理解 详解 用法 含义 作用 原理 例子 示例 方法 问题 怎么 怎样 如何 什么 为什么 是什么 怎么办 的 了 吗 呢 是 在 和 与 或 有 用 把 被 一个 多少 哪 哪些 哪个 可以 能 要 我 里 中 上 做 对 从 到 给 让 使用 以及 之间 一下 请问 个 会").split(" "));
  const ERROR = /\w(Error|Exception|Warning)\b|no attribute|no module|cannot import|can't import|unexpected keyword|positional argument|incompatible|deprecated|not supported|not found|not callable|is not defined|must be|could not|unable to|failed to|expected .* (got|but|to)|报错|不存在/i;
  const CODE = /[._(=]|[a-z][A-Z]|^[A-Z][A-Za-z]+$/;

  const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const isHan = (text) => /[\u4e00-\u9fff]/.test(text);
  const flat = (text) => text.replace(/[^a-z0-9\u4e00-\u9fff]+/g, " ");

  /* --- the index, folded once ------------------------------------------------------------- */

  const pages = index.pages.map((page) => {
    const sections = page.sections.map(([anchor, title, text, names]) =>
      ({ anchor, title, text, low: `${text}\n${names}`.toLowerCase(), lowTitle: title.toLowerCase() }));
    return {
      ...page,
      sections,
      low: { title: page.title.toLowerCase(), menu: page.menu.toLowerCase(), about: page.about.toLowerCase() },
      headings: sections.slice(1).map((one) => one.lowTitle).join("\n"),
      body: sections.map((one) => one.low).join("\n"),
    };
  });
  const chapters = pages.filter((page) => page.kind === CHAPTER);

  /* --- words -------------------------------------------------------------------------------- */

  /* The part of a word that its other forms share: layers, saving, summaries. */
  const stem = (word) => {
    if (word.length < 5 || /[^a-z]/.test(word)) return word;
    const cut = word.replace(/(?:ings?|ed|es|s|e)$/, "");
    if (cut.length < 3) return word;
    return /(ings?|ed)$/.test(word) ? cut.replace(/([^aeiousl])\1$/, "$1") : cut;
  };
  const wordPattern = (word) => {
    if (word.length < 3 || /[^a-z]/.test(word)) return escape(word);
    return escape(stem(word)).replace(/[iy]$/, "[iy]") + "[a-z]{0,4}";
  };
  /* GradientTape, gradient_tape, gradient-tape and gradient tape are the same parts. */
  const partsOf = (name) => name.replace(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase().split(/[\s_-]+/).filter(Boolean);
  const keyOf = (name) => isHan(name) ? name.toLowerCase() : partsOf(name.replace(/([a-z])(\d)/gi, "$1 $2")).map(stem).join("");
  const pattern = (name) => isHan(name)
    ? escape(name.toLowerCase()).replace(/ /g, "\\s*")
    : EDGE + partsOf(name).map((part) => part.split(".").map(wordPattern).join("\\.")).join("[\\s_-]*") + END;
  const exactPattern = (name) => isHan(name) ? escape(name.toLowerCase()) : EDGE + partsOf(name).map(escape).join("[\\s_-]*") + END;

  const ideas = new Map();
  for (const [names, urls] of index.ideas) {
    for (const name of names) {
      const key = keyOf(name);
      const known = ideas.get(key) || { names: new Set(), urls: [] };
      names.forEach((other) => known.names.add(other));
      known.urls.push(...urls.filter((url) => !known.urls.includes(url)));
      ideas.set(key, known);
    }
  }
  const words = new Set([...index.words.split(" "), ...[...ideas.keys()].flatMap((key) => key.match(/[\u4e00-\u9fff]{2,}/g) || [])]);
  const longest = Math.max(2, ...[...ideas.keys(), ...words].filter(isHan).map((word) => word.length));

  /* Chinese into words: the longest known one first; what is left over, piece by piece. */
  const cutHan = (run) => {
    const found = [];
    let rest = "";
    const flush = () => { if (rest) found.push(rest); rest = ""; };
    for (let at = 0; at < run.length;) {
      let size = Math.min(longest, run.length - at);
      while (size > 1 && !ideas.has(run.slice(at, at + size)) && !words.has(run.slice(at, at + size)) && !STOP.has(run.slice(at, at + size))) size--;
      const word = run.slice(at, at + size);
      if (size > 1 || ideas.has(word) || STOP.has(word)) { flush(); found.push(word); } else rest += word;
      at += size;
    }
    flush();
    return found;
  };

  /* The idea that a name stands for, with the names and pages of the ideas that share a name with it. */
  const ideaOf = (name) => {
    const dot = name.lastIndexOf(".");
    const idea = ideas.get(keyOf(name)) || (dot > 0 && (ideas.get(keyOf(name.slice(dot + 1))) || ideas.get(keyOf(name.slice(0, dot)))));
    if (!idea || idea.urls.length) return idea;
    const near = [...idea.names].map((other) => ideas.get(keyOf(other)));
    return { names: new Set(near.flatMap((one) => [...one.names])), urls: [...new Set(near.flatMap((one) => one.urls))] };
  };

  const termOf = (name) => {
    const idea = ideaOf(name);
    const names = [[exactPattern(name), 1]];
    if (!isHan(name)) {
      names.push([pattern(name), 0.9]);
      const last = name.split(".").pop();
      if (last !== name && last.length > 2) names.push([exactPattern(last), 0.6]);
    }
    for (const other of idea ? idea.names : []) if (other !== name) names.push([pattern(other), 0.6]);
    const term = { name, urls: idea ? idea.urls : [], names: names.map(([text, weight]) => [new RegExp(text, "g"), weight]) };
    /* How rare: by the name itself, by its other names where no page has it. A word that no page
       has may be one that no page means; one that the glossary explains is meant. */
    const own = { names: term.names.slice(0, isHan(name) ? 1 : 2) };
    const pagesWith = (some) => chapters.filter((page) => has(some, page.body) || has(some, page.low.title)).length;
    const df = pagesWith(own) || pagesWith(term);
    term.idf = Math.min(df ? 9 : 3, Math.log(1 + chapters.length / (df + 0.5)));
    if (term.urls.length && term.idf > 0.85) term.idf = Math.max(term.idf, 1.6);
    if (/^\d+$/.test(name)) term.idf *= 0.2;
    return term;
  };
  const has = (term, text) => {
    let best = 0;
    for (const [regex, weight] of term.names) {
      regex.lastIndex = 0;
      if (weight > best && regex.test(text)) best = weight;
    }
    return best;
  };
  const count = (term, text) => {
    let sum = 0;
    for (const [regex, weight] of term.names) sum = Math.max(sum, weight * (text.match(regex) || []).length);
    return sum;
  };

  const termsOf = (query) => {
    const tokens = [];
    for (const [token] of query.replace(/([\u4e00-\u9fff])的(?=[\u4e00-\u9fff])/g, "$1").matchAll(/[A-Za-z_][\w]*(?:[.-][A-Za-z_]\w*)*|\d+|[\u4e00-\u9fff]+/g)) {
      if (isHan(token)) tokens.push(...cutHan(token));
      else tokens.push(token);
    }
    const names = [];
    for (let at = 0; at < tokens.length;) {
      let size = Math.min(5, tokens.length - at);
      while (size > 1 && !ideas.has(keyOf(tokens.slice(at, at + size).join(" ")))) size--;
      names.push(tokens.slice(at, at + size).join(" "));
      at += size;
    }
    const kept = names.filter((name) => !STOP.has(name.toLowerCase()));
    return [...new Set(kept.length ? kept : names)].map(termOf);
  };

  /* --- scores ------------------------------------------------------------------------------- */

  const covered = (terms, score) => {
    let all = 0, found = 0, sum = 0;
    for (const term of terms) {
      const value = score(term);
      all += term.idf;
      if (value) { found += term.idf; sum += term.idf * value; }
    }
    const share = all ? found / all : 0;
    return [sum * share * share, share];
  };

  const sectionScore = (terms, phrase, section) => {
    const [score, share] = covered(terms, (term) => {
      const title = has(term, section.lowTitle);
      const text = count(term, section.low);
      return 6 * title + 3 * (text / (text + 2));
    });
    return [score * (phrase && phrase.test(section.lowTitle) ? 1.6 : phrase && phrase.test(section.low) ? 1.2 : 1), share];
  };

  const pageScore = (terms, phrase, page) => {
    const head = page.low.title.split(/[:：,，]/)[0].trim();
    const [score, share] = covered(terms, (term) => {
      const times = count(term, page.body);
      const place = term.urls.indexOf(page.url);
      const title = has(term, page.low.title);
      const menu = has(term, page.low.menu);
      const whole = term.names.some(([regex]) => [head, page.low.menu].some((text) => text.replace(regex, "").trim() === ""));
      return 9 * Math.max(title, menu) + (whole ? 6 : 0) + 5 * has(term, page.low.about) + 5 * has(term, page.headings) +
        (place < 0 ? 0 : 16 / (1 + place)) + 5 * (times / (times + 3 + page.body.length / 8000));
    });
    const bonus = !phrase ? 1 : phrase.test(page.low.title) || phrase.test(page.low.menu) ? 1.5 : phrase.test(page.headings) ? 1.25 : phrase.test(page.body) ? 1.1 : 1;
    return [score * bonus, share];
  };

  /* Runs of two and three words, rare ones worth more: what an error message is known by. */
  const runsOf = (query) => {
    const words = flat(query.toLowerCase()).trim().split(" ").filter(Boolean);
    const runs = new Set();
    for (const size of [2, 3, 4]) for (let at = 0; at + size <= words.length; at++) runs.add(` ${words.slice(at, at + size).join(" ")} `);
    return [...runs];
  };
  const runScores = (query) => {
    const runs = runsOf(query);
    const sections = pages.filter((page) => page.kind !== 1).flatMap((page) => page.sections);
    for (const section of sections) section.flat ||= ` ${flat(`${section.lowTitle} ${section.low}`)} `;
    const scores = new Map();
    for (const run of runs) {
      const found = sections.filter((section) => section.flat.includes(run));
      const worth = Math.log(1 + sections.length / (found.length + 0.5));
      for (const section of found) scores.set(section, (scores.get(section) || 0) + worth);
    }
    return scores;
  };

  /* --- the answer --------------------------------------------------------------------------- */

  return (query, limit = 12) => {
    const text = query.normalize("NFKC").trim().slice(0, 600);
    const terms = termsOf(text);
    if (!terms.length) return [];
    const plain = partsOf(text).map(escape).join("[\\s_-]*");
    const phrase = terms.length > 1 && text.length < 60 ? new RegExp(plain) : null;
    const isError = ERROR.test(text);
    const isCode = CODE.test(text);
    const runs = isError ? runScores(text) : new Map();
    const meant = isError && index.errors && globalThis.tfErrorLookup ? tfErrorLookup.rank(text, index.errors, 5) : [];
    const said = new Map(meant.filter((one) => one.share >= SAID).map((one) => [one.id, one.score]));
    const enough = isError ? 0.25 : 0.34;
    const results = [];
    for (const page of pages) {
      const sections = page.sections
        .map((section) => {
          const [score, share] = sectionScore(terms, phrase, section);
          const row = page.kind === ROWS && 100 * said.get(section.anchor) || 0;
          return { section, score: score + 1.5 * (runs.get(section) || 0) + row, share: row ? 1 : share };
        })
        .filter((one) => one.score > 0)
        .sort((a, b) => b.score - a.score);
      if (!sections.length && page.kind === ROWS) continue;
      let [score, share] = pageScore(terms, phrase, page);
      if (page.kind === ROWS) [score, share] = [2 * sections[0].score, sections[0].share];
      else score = (isError ? 0.3 : 1) * score + (isError ? 2 : 1) * (sections.length ? sections[0].score : 0);
      if (share < enough) continue;
      const lead = page.kind === ROWS && isError ? 1.3 : page.kind === ROWS && isCode ? 0.6 : BELOW_CHAPTERS[page.kind];
      const near = sections.filter((one) => one.score > 0.4 * sections[0].score).slice(0, page.kind === ROWS ? 5 : 3);
      results.push({ page, score: score * lead, share, sections: near.map((one) => one.section) });
    }
    results.sort((a, b) => b.score - a.score);
    return results.filter((one) => one.score > 0.08 * results[0].score).slice(0, limit).map((one) => ({ ...one, terms }));
  };
};
