/* The search box: asks rank.js and shows the answer. What it needs is loaded when it is first
   used, as scripts, so that it works in a page opened from a file too. */
(() => {
  const input = document.querySelector(".md-search__input[data-tf-index]");
  if (!input) return;
  const zh = document.documentElement.lang.startsWith("zh");
  const toggle = document.getElementById("__search");
  const list = document.getElementById("tf-results");
  const status = document.querySelector(".md-search-result__meta");
  const words = zh
    ? { empty: "输入几个字就开始搜索", loading: "正在读取索引……", none: "没有搜到", one: "1 页", many: (n) => `${n} 页`, instead: (words) => `，按“${words}”搜索`, failed: "读不到索引，请重新载入这一页" }
    : { empty: "Type to start searching", loading: "Reading the index …", none: "Nothing found", one: "1 page", many: (n) => `${n} pages`, instead: (words) => `, searched for “${words}”`, failed: "The index cannot be read; load the page again" };
  let rank = null, loading = null, shown = null;

  const script = (address) => new Promise((done, failed) => {
    const element = document.createElement("script");
    element.src = address;
    element.onload = done;
    element.onerror = failed;
    document.head.append(element);
  });
  const load = () => loading ||= Promise.all([script(input.dataset.tfIndex), script(input.dataset.tfRank), script(input.dataset.tfLookup)])
    .then(() => { rank = window.tfRanking(window.tfIndex); show(); })
    .catch(() => { loading = null; status.textContent = words.failed; });

  const element = (name, className, ...content) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...content);
    return made;
  };
  /* The terms' places in a text, as the ranking sees them: [from, to) pairs in order. */
  const places = (terms, text) => {
    const found = [];
    const low = text.toLowerCase();
    for (const term of terms) for (const [regex] of term.names) {
      regex.lastIndex = 0;
      for (const match of low.matchAll(regex)) {
        const lead = /^[a-z0-9\u4e00-\u9fff]/.test(match[0]) ? 0 : 1;
        found.push([match.index + lead, match.index + match[0].length]);
      }
    }
    found.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
    return found.filter(([from], at) => !found.slice(0, at).some(([, to]) => to > from));
  };
  const marked = (terms, text) => {
    const parts = [];
    let done = 0;
    for (const [from, to] of places(terms, text)) {
      parts.push(text.slice(done, from), element("mark", "", text.slice(from, to)));
      done = to;
    }
    return [...parts, text.slice(done)];
  };
  /* The line of a section that has most of the terms, cut around the first of them. */
  const excerpt = (terms, text) => {
    let best = "", most = 0;
    for (const line of text.split("\n")) {
      const score = terms.filter((term) => term.names.some(([regex]) => { regex.lastIndex = 0; return regex.test(line.toLowerCase()); })).length;
      if (score > most || (score === most && most && line.length > best.length && best.length < 20)) [best, most] = [line, score];
    }
    best ||= text.split("\n").find((line) => line.length > 20) || "";
    const first = places(terms, best)[0]?.[0] || 0;
    const size = zh ? 90 : 180;
    const from = first > size * 0.6 ? Math.max(0, best.lastIndexOf(" ", first - size / 3), best.lastIndexOf("，", first - size / 3) + 1, first - size / 2) : 0;
    const cut = best.slice(from, from + size);
    return [from ? "…" : "", ...marked(terms, cut), from + size < best.length ? "…" : ""];
  };

  const base = input.dataset.tfBase;
  const address = (page, anchor, query) => { // the words go along, to be marked there
    const url = new URL(`${base}/${page.url}`, location.href);
    url.searchParams.set("h", query);
    return `${url}${anchor ? `#${anchor}` : ""}`;
  };
  const item = (result, query) => {
    const { page, terms, sections } = result;
    const rows = sections.filter((section) => section !== page.sections[0]);
    const link = element("a", "md-search-result__link", element("h1", "", ...marked(terms, page.title)));
    link.href = address(page, "", query);
    if (page.part) link.prepend(element("p", "tf-found-part", page.part));
    const lead = page.about || page.sections[0]?.text || "";
    link.append(element("p", "tf-found-text", ...excerpt(terms, lead)));
    const made = element("li", "md-search-result__item", link);
    for (const section of rows) {
      const more = element("a", "md-search-result__link tf-found-section", element("h2", "", ...marked(terms, section.title)), element("p", "tf-found-text", ...excerpt(terms, section.text)));
      more.href = address(page, section.anchor, query);
      made.append(more);
    }
    return made;
  };

  const show = () => {
    const query = input.value.trim();
    if (!rank) { status.textContent = query ? words.loading : words.empty; return; }
    if (query === shown) return;
    shown = query;
    const results = query ? rank(query) : [];
    list.replaceChildren(...results.map((result) => item(result, query)));
    const count = results.length;
    const instead = results[0]?.instead.join(" ");
    status.textContent = !query ? words.empty : count === 0 ? words.none : (count === 1 ? words.one : words.many(count)) + (instead ? words.instead(instead) : "");
    list.closest(".md-search__scrollwrap").scrollTop = 0;
  };

  /* --- the box itself ----------------------------------------------------------------------- */

  let waiting = 0, composing = false;
  const later = () => { clearTimeout(waiting); if (!composing) waiting = setTimeout(show, 120); };
  const open = (on) => {
    toggle.checked = on;
    if (on) { load(); input.focus(); show(); } else input.blur();
  };
  /* `input` comes with keys, the mouse, dictation and what an input method has finished. */
  input.addEventListener("input", () => { load(); later(); });
  input.addEventListener("compositionstart", () => { composing = true; });
  input.addEventListener("compositionend", () => { composing = false; later(); });
  input.addEventListener("focus", () => { if (!toggle.checked) toggle.checked = true; load(); show(); });
  toggle.addEventListener("change", () => open(toggle.checked));
  input.form.addEventListener("reset", () => { setTimeout(() => { input.focus(); show(); }); });
  input.form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    show();
    list.querySelector("a")?.click();
  });
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (!toggle.checked) {
      if (!typing && ["/", "f", "s"].includes(event.key)) { event.preventDefault(); open(true); input.select(); }
      return;
    }
    if (event.key === "Escape") open(false);
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const stops = [input, ...list.querySelectorAll("a")];
    const at = stops.indexOf(document.activeElement);
    if (at < 0) return;
    event.preventDefault();
    stops[(at + (event.key === "ArrowDown" ? 1 : stops.length - 1)) % stops.length].focus();
  });
  list.addEventListener("click", (event) => { if (event.target.closest("a")) toggle.checked = false; });
  status.textContent = words.empty;
  if (document.activeElement === input) load();
  const asked = new URLSearchParams(location.search).get("q"); // a page that is missing sends its words
  if (asked) { input.value = asked; open(true); }

  /* A page that was found shows the words that it was found by. */
  const found = new URLSearchParams(location.search).get("h");
  if (found && window.CSS?.highlights) {
    load().then(() => {
      const terms = rank(found)[0]?.terms || [];
      const ranges = [];
      const walker = document.createTreeWalker(document.querySelector(".md-content"), NodeFilter.SHOW_TEXT);
      while (walker.nextNode() && ranges.length < 400) {
        for (const [from, to] of places(terms, walker.currentNode.data)) {
          const range = new Range();
          range.setStart(walker.currentNode, from);
          range.setEnd(walker.currentNode, to);
          ranges.push(range);
        }
      }
      CSS.highlights.set("tf-found", new Highlight(...ranges));
    });
  }
})();
