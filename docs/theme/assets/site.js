/* What the pages need beyond the theme. All of it is a convenience: without this script every link,
   every output and every figure is still there. */
(() => {
  const zh = document.documentElement.lang.startsWith("zh");

  /* The language switch keeps the heading that is being read, and the choice. */
  const current = () => {
    const headings = [...document.querySelectorAll(".md-content :is(h2, h3, h4)[id]")];
    const limit = Math.min(innerHeight / 3, 240);
    return headings.filter((h) => h.getBoundingClientRect().top < limit).pop();
  };
  document.querySelectorAll("[data-tf-language]").forEach((link) => {
    const page = link.getAttribute("href");
    const aim = () => {
      const heading = scrollY > 40 ? current() : null;
      link.setAttribute("href", heading ? `${page}#${heading.id}` : page);
    };
    for (const event of ["pointerenter", "focus", "click", "auxclick"]) link.addEventListener(event, aim);
    link.addEventListener("click", () => {
      try { localStorage.setItem("tfnotes-language", link.hreflang); } catch {}
    });
  });

  /* Long outputs: folded to their first lines; without this script they scroll. */
  document.querySelectorAll(".tf-long").forEach((output) => {
    const lines = output.dataset.lines;
    const button = document.createElement("button");
    const label = () => {
      const open = output.classList.contains("tf-open");
      button.setAttribute("aria-expanded", open);
      button.textContent = open ? (zh ? "收起" : "Show less") : zh ? `展开全部 ${lines} 行` : `Show all ${lines} lines`;
    };
    button.type = "button";
    button.className = "tf-unfold";
    button.addEventListener("click", () => { output.classList.toggle("tf-open"); label(); });
    output.classList.add("tf-foldable");
    output.append(button);
    label();
  });

  const later = window.requestIdleCallback || ((f) => setTimeout(f, 200));

  /* A keyboard can scroll wide code. The theme sees to that where there is a mouse, and takes it
     away elsewhere. */
  if (!matchMedia("(hover)").matches) {
    const check = (code) => {
      if (!code.hasAttribute("tabindex") && code.scrollWidth > code.clientWidth) code.tabIndex = 0;
    };
    const checkAll = (element) => element.querySelectorAll("pre > code").forEach(check);
    later(() => checkAll(document));
    document.addEventListener("toggle", (event) => checkAll(event.target), true);
    new MutationObserver((changes) => changes.forEach(({ target }) => {
      if (target.matches("pre > code")) check(target);
    }))
      .observe(document.body, { attributeFilter: ["tabindex"], subtree: true });
  }

  /* Names for widgets of the theme that have none. */
  const name = (selector, text) =>
    document.querySelectorAll(`${selector}:not([aria-label])`).forEach((element, index) =>
      element.setAttribute("aria-label", text + (index ? ` ${index + 1}` : "")));
  let waiting = false;
  const names = () => {
    waiting = false;
    document.querySelectorAll(".md-typeset__scrollwrap").forEach((table) => {
      if (table.scrollWidth > table.clientWidth) table.tabIndex = 0;
    });
    name("[role=dialog]", zh ? "搜索" : "Search");
    name("nav.md-code__nav", zh ? "代码操作" : "Code actions");
  };
  new MutationObserver(() => { if (!waiting) { waiting = true; later(names); } })
    .observe(document.querySelector("[data-md-component=content]") || document.body, { childList: true, subtree: true });
  names();

  /* The ledger's filter: words in any order, also those of an error message, and outcomes. */
  const filter = document.querySelector(".tf-filter");
  if (filter) {
    const rows = [...document.querySelectorAll(".tf-ledger tbody tr")];
    const text = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
    const groups = [...document.querySelectorAll(".tf-ledger")].map((table) => {
      const parts = [table.parentElement];
      for (let e = table.parentElement.previousElementSibling; e; e = e.previousElementSibling) {
        parts.push(e);
        if (e.matches("h2")) break;
      }
      return [table, parts];
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
    const apply = () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      const wanted = new Set(boxes.filter(([, box]) => box.checked).map(([, box]) => box.value));
      let count = 0;
      for (const row of rows) {
        row.hidden = !wanted.has(row.dataset.outcome) || !words.every((word) => text.get(row).includes(word));
        count += !row.hidden;
      }
      for (const [table, parts] of groups) {
        const empty = !table.querySelector("tbody tr:not([hidden])");
        parts.forEach((part) => { part.hidden = empty; });
      }
      status.textContent = zh ? `${count} / ${rows.length} 条` : `${count} of ${rows.length} rows`;
    };
    const show = () => {
      const row = location.hash && document.getElementById(location.hash.slice(1))?.closest("tr[hidden]");
      if (!row) return;
      input.value = "";
      boxes.forEach(([, box]) => { box.checked = true; });
      apply();
      row.scrollIntoView();
    };
    const keep = () => {
      const url = new URL(location.href);
      if (input.value) url.searchParams.set("old", input.value);
      else url.searchParams.delete("old");
      try { history.replaceState(history.state, "", url); } catch {}
    };
    input.addEventListener("input", () => { apply(); keep(); });
    boxes.forEach(([, box]) => box.addEventListener("change", apply));
    addEventListener("hashchange", show);
    /* One button for all rows: it goes where the pointer is. */
    const copy = document.createElement("button");
    copy.type = "button";
    copy.className = "tf-copy";
    const idle = copy.textContent = zh ? "复制" : "Copy";
    copy.addEventListener("click", () => {
      navigator.clipboard?.writeText(copy.parentElement.querySelector("code").textContent).then(() => {
        copy.textContent = zh ? "已复制" : "Copied";
      });
    });
    document.querySelectorAll(".tf-ledger-group").forEach((group) => group.addEventListener("pointerover", (event) => {
      const code = event.target.closest("td + td .tf-snippet");
      if (code && copy.parentElement !== code) { copy.textContent = idle; code.append(copy); }
    }));
    filter.append(input, ...boxes.map(([label]) => label), status);
    filter.hidden = false;
    input.value = new URLSearchParams(location.search).get("old") || "";
    apply();
    show();
  }
})();
