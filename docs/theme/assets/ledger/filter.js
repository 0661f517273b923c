/* The ledger's page: its filter, by words (match.js) and outcomes, and rows that addresses open. */
(() => {
  const filter = document.querySelector(".tf-filter");
  if (!filter) return;
  const zh = document.documentElement.lang.startsWith("zh");
  const rows = [...document.querySelectorAll(".tf-row")].map((element) => ({ element, body: element.lastElementChild, id: element.lastElementChild.id, text: "" }));
  /* Done when it is first asked for, not while the page is loading. */
  const read = () => {
    if (rows[0].text) return;
    for (const row of rows) {
      row.name = row.element.querySelector("h3").textContent.toLowerCase();
      row.text = row.element.firstElementChild.textContent.toLowerCase();
    }
  };
  /* What unfolds is in a script of its own, for a page opened from a file can load nothing else. */
  let contents = null, loading = null;
  const load = () => loading ||= new Promise((done) => {
    const script = document.createElement("script");
    script.src = "ledger-rows.js";
    script.onload = () => {
      contents = window.tfLedgerRows;
      const reader = document.createElement("template");
      read();
      for (const row of rows) {
        reader.innerHTML = contents[row.body.id];
        row.text = `${row.name} ${row.element.firstElementChild.textContent} ${reader.content.textContent}`.toLowerCase();
        if (row.element.open) fill(row);
      }
      apply();
      done();
    };
    script.onerror = () => { loading = null; };
    document.head.append(script);
  });
  const fill = (row) => {
    if (!row.filled && contents) { row.body.innerHTML = contents[row.body.id]; row.filled = true; }
    if (!contents) load();
    offer(row.body.querySelector(".tf-new .tf-snippet"));
  };
  /* A group: its heading, what stands below it, and its list. */
  const groups = [...document.querySelectorAll(".tf-ledger")].map((list) => {
    const parts = [list];
    for (let e = list.previousElementSibling; e; e = e.previousElementSibling) {
      parts.push(e);
      if (e.matches("h2")) break;
    }
    return [list, parts];
  });
  const outcomes = new Map([...document.querySelectorAll(".tf-ledger-summary .tf-outcome")]
    .map((label) => [label.classList[1], label.textContent]));
  const input = document.createElement("input");
  input.type = "search";
  input.className = "tf-filter-text";
  input.placeholder = zh ? "名字，或错误信息里的话" : "A name, or words of an error message";
  input.setAttribute("aria-label", input.placeholder);
  const status = document.createElement("output");
  const boxes = [...outcomes].map(([outcome, words]) => {
    const label = document.createElement("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.checked = true;
    box.value = outcome;
    const name = document.createElement("span");
    name.className = `tf-outcome ${outcome}`;
    name.textContent = words;
    label.append(box, name);
    return [label, box];
  });

  /* The answer to a message has an order; the rows below stay in theirs. */
  const best = document.createElement("div");
  best.className = "tf-best";
  best.setAttribute("aria-live", "polite");
  const rank = (found, near) => {
    const head = document.createElement("p");
    head.textContent = near ? (zh ? "台账里没有这样的错误，最接近的是：" : "No row says this; the nearest:") : (zh ? "最可能的在前：" : "The likeliest first:");
    const list = document.createElement("ol");
    for (const row of found.slice(0, 5)) {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = `#${row.id}`;
      link.append(row.element.querySelector("h3 code").cloneNode(true));
      item.append(link);
      list.append(item);
    }
    best.replaceChildren(head, list);
  };

  const apply = () => {
    read();
    const wanted = new Set(boxes.filter(([, box]) => box.checked).map(([, box]) => box.value));
    const answer = window.tfLedgerMatch(rows, input.value, window.tfLedgerIndex || null);
    const found = answer.found.filter((row) => wanted.has(row.element.dataset.outcome));
    best.hidden = !answer.ranked || found.length < 2;
    if (!best.hidden) rank(found, answer.near);
    const shown = new Set(found);
    for (const row of rows) row.element.hidden = !shown.has(row);
    for (const [list, parts] of groups) {
      const empty = !list.querySelector(".tf-row:not([hidden])");
      parts.forEach((part) => { part.hidden = empty; });
    }
    /* Few enough to be read: the answer is what one came for. */
    const few = answer.ranked && !answer.near ? found.slice(0, 1) : found.length <= 2 ? found : [];
    if (contents && input.value.trim()) for (const row of few) { row.element.open = true; fill(row); }
    status.textContent = total(found.length);
  };
  const total = (count) => zh ? `${count} / ${rows.length} 条` : `${count} of ${rows.length} rows`;
  /* The row that the address names, unfolded, whatever the filter says. */
  const show = () => {
    const row = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)))?.closest(".tf-row");
    if (!row) return;
    if (row.hidden) {
      input.value = "";
      boxes.forEach(([, box]) => { box.checked = true; });
      apply();
    }
    row.open = true;
    load().then(() => { fill(rows.find((one) => one.element === row)); row.scrollIntoView(); });
  };
  const keep = () => {
    const url = new URL(location.href);
    if (input.value) url.searchParams.set("old", input.value);
    else url.searchParams.delete("old");
    try { history.replaceState(history.state, "", url); } catch {}
  };
  input.addEventListener("focus", load);
  input.addEventListener("input", () => { load(); apply(); keep(); });
  boxes.forEach(([, box]) => box.addEventListener("change", apply));
  addEventListener("hashchange", show);

  /* One button for all rows: it goes where the pointer or the finger is. */
  const copy = document.createElement("button");
  copy.type = "button";
  copy.className = "tf-copy";
  const idle = copy.textContent = zh ? "复制" : "Copy";
  copy.addEventListener("click", () => {
    navigator.clipboard?.writeText(copy.parentElement.querySelector("code").textContent).then(() => {
      copy.textContent = zh ? "已复制" : "Copied";
    });
  });
  const offer = (code) => {
    if (code && copy.parentElement !== code) { copy.textContent = idle; code.append(copy); }
  };
  document.addEventListener("pointerover", (event) => offer(event.target.closest(".tf-new .tf-snippet")));
  document.addEventListener("toggle", (event) => {
    if (event.target.open && event.target.matches(".tf-row")) fill(rows.find((row) => row.element === event.target));
  }, true);

  filter.append(input, ...boxes.map(([label]) => label), status);
  filter.hidden = false;
  best.hidden = true;
  filter.after(best);
  input.value = new URLSearchParams(location.search).get("old") || "";
  if (input.value) { apply(); load(); } else status.textContent = total(rows.length);
  show();
})();
