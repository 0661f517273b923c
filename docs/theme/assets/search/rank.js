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
  const WHOLE = 0.74; // the share of a message that a chapter must have to be the one that shows it
  const LONG = 6; // runs of a message that says more than which name is gone
  const ASKED = [16, 48, 90, 120]; // what a question of the settings counts, by how many words it has
  const OTHERS = 1.4; // what a word counts at most beside an idea
  const GENERAL = 0.35; // what a word like "tensor" counts beside others
  const WHOLLY = 1.5; // how much more, if nothing else was asked for
  const NAMED = 9; // what a word of a name counts that is found in any order
  const TOLD = 9; // what a word of a page's questions counts, if all that is known of the query is the page's
  const FEW = 0.3; // the share of those words below which a page counts nothing for them
  const BELOW_CHAPTERS = [1, 0.4, 0.22];
  const EDGE = "(?:^|[^a-z0-9])";
  const END = "(?![a-z0-9])";
  const STOP = new Set(("a an the of in on for with is are was do does did how i my me we you to what why when where which who " +
    "can could should be and or vs versus between from it its this that there have has get if by as at into please about not " +
    "example examples usage meaning explained understand using use many goes go going while still always every each really just some other than then but not no " +
    "difference different differ compare compared better right correct properly mean means work works working need want way does doesn don isn own same error errors problem help prevent avoid fix solve handle equivalent effect show see " +
    "看懂 读懂 理解 详解 用法 含义 作用 原理 例子 示例 方法 问题 怎么 怎样 如何 什么 为什么 是什么 怎么办 的 了 吗 呢 是 在 和 与 或 有 用 把 被 一个 多少 哪 哪些 哪个 可以 能 要 我 里 中 上 做 对 从 到 给 让 使用 以及 之间 一下 请问 个 会 区别 不同 差别 差异 对比 应该 需要 想要 出现 发生 变成 之后 以后 时候 到底 究竟 总是 一直 还是 都 也 就 很 太 这 那 这个 那个 哪种 几种 报错 出错 错误 提示 怎么回事 没 没有 啊 呀 为啥 咋 什么意思 是不是 能不能 防止 避免 解决 处理 显示 查看 获取 合适 影响 对应").split(" "));
  const ERROR = /\w(Error|Exception|Warning)\b|no attribute|no module|cannot import|can't import|unexpected keyword|positional argument|incompatible|deprecated|not supported|not found|not callable|is not defined|must be|could not|unable to|failed to|expected .* (got|but|to)/i;
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

  const general = new Set(index.general);

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

  /* --- slips ---------------------------------------------------------------------------------- */

  /* The words that a mistyped one may have been: of names, titles, headings and code. */
  const spelled = new Set();
  const spell = (text) => { for (const word of text.toLowerCase().match(/[a-z][a-z0-9_.]{3,}/g) || []) { spelled.add(word); for (const part of word.split(".")) if (part.length > 3) spelled.add(part); } };
  for (const [names] of index.ideas) names.forEach(spell);
  for (const page of pages) { spell(page.low.title); spell(page.low.menu); for (const section of page.sections) { spell(section.title); } }
  const named = new Set(spelled);
  for (const page of pages) for (const section of page.sections) spell(section.names || "");

  /* What the settings write on purpose is no slip, and nothing is taken for it. */
  const usual = new Set([...index.asked.flatMap(([, names]) => names), ...index.alike.flat()].flatMap((name) => name.toLowerCase().match(/[a-z][a-z0-9_.]{3,}/g) || []));

  /* Letters left out, put in, changed, or swapped with their neighbour; more than `most` is `most` + 1. */
  const slips = (one, other, most) => {
    if (Math.abs(one.length - other.length) > most) return most + 1;
    let before = [], last = [...Array(other.length + 1).keys()];
    for (let i = 1; i <= one.length; i++) {
      const row = [i];
      for (let j = 1; j <= other.length; j++) {
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (one[i - 1] !== other[j - 1]));
        if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
      }
      if (Math.min(...row) > most) return most + 1;
      [before, last] = [last, row];
    }
    return last[other.length];
  };
  const mended = new Map();
  /* A word that no page has, as the word that was meant; itself if there is none. */
  const mend = (word) => {
    const low = word.toLowerCase();
    if (low.length < 5 || ideas.has(keyOf(word)) || STOP.has(low) || spelled.has(low) || usual.has(low)) return word;
    if (!mended.has(low)) mended.set(low, find(word, low));
    return mended.get(low);
  };
  const find = (word, low) => {
    const regex = new RegExp(pattern(word));
    if (pages.some((page) => regex.test(page.body) || regex.test(page.low.title))) return word;
    const most = low.length < 8 ? 1 : 2;
    let best = word, least = most + 0.9;
    for (const other of spelled) {
      if (other.length < 4) continue;
      const cost = slips(low, other, most) + (other[0] === low[0] ? 0 : 0.5) + (named.has(other) ? 0 : 0.2);
      if (cost < least) [best, least] = [other, cost];
    }
    return best;
  };
  /* A name of three characters or more with one wrong, where its characters are no words. */
  const hanNames = [...ideas.keys()].filter((key) => /^[\u4e00-\u9fff]{3,8}$/.test(key)).sort((a, b) => b.length - a.length);
  const mendHan = (run) => {
    const cut = cutHan(run);
    const strange = (word) => word.length === 1 || !(ideas.has(word) || words.has(word) || STOP.has(word));
    if (run.length < 3 || !cut.some(strange)) return run;
    for (let first = 0, at = 0; first < cut.length; at += cut[first++].length) {
      for (let last = cut.length; last > first; last--) {
        const some = cut.slice(first, last), piece = some.join("");
        if (piece.length < 3 || piece.length > 8 || !some.some(strange) || piece.length < 5 && some.some((word) => word.length > 1 && ideas.has(word))) continue;
        const meant = hanNames.find((name) => name.length === piece.length && [...piece].filter((letter, i) => letter !== name[i]).length === 1);
        if (meant && !chapters.some((page) => page.body.includes(piece))) return run.slice(0, at) + meant + run.slice(at + piece.length);
      }
    }
    return run;
  };

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
    const parts = name.split(".");
    const ends = parts.map((_, at) => parts.slice(at).join("."));
    const known = [...ends, parts.slice(0, -1).join(".")].find((one) => one && ideas.has(keyOf(one)));
    const idea = known && ideas.get(keyOf(known));
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
    term.known = df > 0 || term.urls.length > 0;
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
    const tokens = [], instead = [];
    const plain = query.replace(/([\u4e00-\u9fff])的(?=[\u4e00-\u9fff])/g, "$1").replace(/(\w\s*=\s*)(?:True|False|None)\b/g, "$1");
    for (const [token] of plain.matchAll(/[A-Za-z_][\w]*(?:[.-][A-Za-z_]\w*)*|\d+|[\u4e00-\u9fff]+/g)) {
      const meant = isHan(token) ? mendHan(token) : mend(token);
      if (meant !== token) instead.push(meant);
      tokens.push(...(isHan(token) ? cutHan(meant) : [meant]));
    }
    const names = [];
    for (let at = 0; at < tokens.length;) {
      let size = Math.min(5, tokens.length - at);
      while (size > 1 && !ideas.has(keyOf(tokens.slice(at, at + size).join(" ")))) size--;
      names.push(tokens.slice(at, at + size).join(" "));
      at += size;
    }
    const kept = names.filter((name) => !STOP.has(name.toLowerCase()));
    const terms = [...new Set(kept.length ? kept : names)].map(termOf);
    /* Beside an idea that a page explains, other words count little, and one that no page has is
       the asker's own. */
    if (terms.some((term) => term.urls.length)) for (const term of terms) if (!term.urls.length && !CODE.test(term.name)) term.idf = Math.min(term.idf, term.known ? OTHERS : 1);
    const specific = terms.filter((term) => term.known && !general.has(term.name.toLowerCase()));
    if (specific.length) for (const term of terms) if (general.has(term.name.toLowerCase())) term.idf = Math.min(term.idf, GENERAL);
    return [terms, instead];
  };

  /* Names of several words, found in a query in any order and with other words between:
     "训练集 高 测试集 低", "load images folder". They add to what the terms say. */
  /* Everyday words that are one word here: a question that has any of a group has the group. */
  const alike = index.alike.map((group) => group.map((name) => new RegExp(isHan(name) ? escape(name) : exactPattern(name))));
  const groupOf = new Map(index.alike.flatMap((group, at) => group.map((name) => [isHan(name) ? name : stem(name), at])));
  const asOne = (part) => groupOf.has(part) ? groupOf.get(part) : part;
  const bags = [];
  const told = new Map(); // a word of questions, and the pages that have it in one
  const sizeOf = (part) => isHan(part) ? 1 + (part.length > 2) : part.split("_").length;
  const bag = (name, urls, split, counts) => {
    const all = name.toLowerCase().split(split);
    const telling = all.filter((part) => !STOP.has(part));
    const parts = new Set((telling.length > 1 ? telling : all).map((part) => isHan(part) ? part : stem(part)));
    const worth = counts(parts.size, [...parts].reduce((sum, part) => sum + sizeOf(part), 0));
    if (worth) bags.push([[...parts], urls, worth, split === " "]);
    if (split === " ") for (const part of parts) told.set(asOne(part), (told.get(asOne(part)) || new Set()).add(urls[0]));
  };
  for (const [names, urls] of index.ideas) if (urls.length) for (const name of names) bag(name, urls, /[\s_-]+/, (size) => size > 1 && NAMED * size);
  for (const [url, names] of index.asked) for (const name of names) bag(name, [url], " ", (_, size) => ASKED[Math.min(size, ASKED.length) - 1]);
  const asking = new Set(index.asked.map(([url]) => url)).size;
  const rare = (part) => Math.log(1 + asking / told.get(part).size) * (part.length === 1 ? 0.3 : 1);
  /* A line of words that few pages have tells more than one of words that many have. */
  const tells = (parts) => 0.4 + 0.2 * parts.reduce((sum, part) => sum + Math.log(1 + asking / told.get(asOne(part)).size), 0) / parts.length;
  for (const one of bags) if (one[3]) one[2] *= tells(one[0]);
  /* Each page by the words that its questions share with the query, whichever question has them: what
     a line of words all found cannot know, for nobody writes down every question. */
  const sharedBy = (here) => {
    const found = new Map();
    let all = 0;
    for (const part of here) {
      const worth = rare(part);
      all += worth;
      for (const url of told.get(part)) {
        const [sum, size] = found.get(url) || [0, 0];
        found.set(url, [sum + worth, size + 1]);
      }
    }
    return new Map([...found].filter(([, [sum]]) => sum >= FEW * all).map(([url, [sum, size]]) => [url, { worth: TOLD * sum * sum / all, size }]));
  };
  const bagsIn = (query, size) => {
    const low = query.toLowerCase();
    const whole = (low.match(/[a-z0-9_.]+/g) || []).flatMap((word) => [word, word.split(".").pop()]).map((word) => mend(word).toLowerCase());
    const latin = new Set([...whole, ...whole.flatMap((word) => word.split("_"))].map(stem));
    const exact = new Set(whole.map(stem));
    const typed = `${low} ${whole.join(" ")}`;
    const groups = new Set(alike.flatMap((names, at) => names.some((regex) => regex.test(typed)) ? [at] : []));
    const hasPart = (part, some) => groups.has(groupOf.get(part)) || (isHan(part) ? low.includes(part) : some.has(part));
    const found = new Map(); // what the best bag of a page counts
    for (const [parts, urls, counts, asked] of bags) {
      if (!parts.every((part) => hasPart(part, asked ? exact : latin))) continue;
      urls.forEach((url, place) => {
        const worth = counts / (1 + place) * (parts.length >= size ? WHOLLY : 1);
        if (worth > (found.get(url) || 0)) found.set(url, worth);
      });
    }
    const here = [...told.keys()].filter((part) => typeof part === "number" ? groups.has(part) : isHan(part) ? low.includes(part) : exact.has(part));
    const longest = here.filter((part) => typeof part === "number" || !isHan(part) || !here.some((other) => other.length > part.length && other.includes(part)));
    return { found, shared: sharedBy(longest) };
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

  /* What an error says, as runs of three words without numbers: a chapter that has most of them
     shows that message. None where it says too little. */
  const saidRuns = (text) => {
    const said = flat(text.replace(/^.*\b\w+(?:Error|Exception|Warning):/s, "").toLowerCase()).trim().split(" ").slice(0, 24);
    const three = said.slice(2).map((_, at) => ` ${said.slice(at, at + 3).join(" ")} `).filter((run) => !/\d/.test(run));
    return three.length < 3 ? [] : three;
  };

  /* --- the answer --------------------------------------------------------------------------- */

  return (query, limit = 12) => {
    const text = query.normalize("NFKC").trim().slice(0, 600);
    const [terms, instead] = termsOf(text);
    if (!terms.length) return [];
    const meantBy = bagsIn(text, terms.length);
    const plain = partsOf(text).map(escape).join("[\\s_-]*");
    const phrase = terms.length > 1 && text.length < 60 ? new RegExp(plain) : null;
    const isError = ERROR.test(text);
    const isCode = CODE.test(text);
    const runs = isError ? runScores(text) : new Map();
    const meant = isError && /\s/.test(text) && index.errors && globalThis.tfErrorLookup ? tfErrorLookup.rank(text, index.errors, 5) : [];
    const said = new Map(meant.filter((one) => one.share >= SAID).map((one) => [one.id, one]));
    const message = isError ? saidRuns(text) : [];
    const quoted = isError ? [...text.matchAll(/['"`‘“]([\w.]+)['"`’”]/g)].map(([, name]) => ` ${flat(name.split(".").pop().toLowerCase()).trim()} `) : [];
    const enough = isError ? 0.25 : 0.34;
    const results = [];
    for (const page of pages) {
      const sections = page.sections
        .map((section) => {
          const [score, share] = sectionScore(terms, phrase, section);
          const row = page.kind === ROWS ? said.get(section.anchor) : undefined;
          const whole = page.kind === CHAPTER && message.length && quoted.every((name) => section.flat.includes(name)) && message.filter((run) => section.flat.includes(run)).length > WHOLE * message.length;
          return { section, row, whole, first: row ? 100 * row.score : whole ? 50 : 0, score: score + 1.5 * (runs.get(section) || 0), share: row ? 1 : share };
        })
        .filter((one) => one.score + one.first > 0)
        .sort((a, b) => b.first + b.score - a.first - a.score);
      if (!sections.length && page.kind === ROWS) continue;
      const [best] = sections;
      const shared = meantBy.shared.get(page.url) || { worth: 0, size: 0 };
      const asked = meantBy.found.get(page.url) || 0;
      let [score, share] = pageScore(terms, phrase, page);
      if (page.kind === ROWS) [score, share] = [2 * best.score, best.share];
      else score = (isError ? 0.3 : 1) * score + (best ? (isError ? 2 : 1) * best.score : 0);
      if (share < enough && !asked && shared.size < 2) continue;
      score += asked + shared.worth;
      const lead = page.kind === ROWS && isError ? (said.size || quoted.length ? 1.3 : 0.6) : page.kind === ROWS && isCode ? 0.6 : BELOW_CHAPTERS[page.kind];
      /* Who says the message: the settings in many words, a chapter a long one word for word, a row nearly so, a chapter a short one, the
         settings in few, a row. */
      const tier = !isError ? 0 : asked >= ASKED[3] ? 6 : best?.whole && message.length >= LONG ? 5 : best?.row?.share >= 0.9 ? 4 : best?.whole ? 3 : asked >= ASKED[2] ? 2 : best?.row ? 1 : 0;
      const near = sections.filter((one) => one.first + one.score > 0.4 * (best.first + best.score)).slice(0, page.kind === ROWS ? 5 : 3);
      results.push({ page, tier, score: score * lead, share, sections: near.map((one) => one.section) });
    }
    results.sort((a, b) => b.tier - a.tier || b.score - a.score);
    const most = Math.max(...results.map((one) => one.score));
    return results.filter((one) => one.tier || one.score > 0.08 * most).slice(0, limit).map((one) => ({ ...one, terms, instead }));
  };
};
