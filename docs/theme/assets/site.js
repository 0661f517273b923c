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

  /* A keyboard can scroll a figure that a phone cannot show whole. Its width is known before it is
     drawn, which is when it comes near. */
  if (matchMedia("(max-width: 44.99em)").matches) {
    later(() => document.querySelectorAll(".tf-figure > .tf-svg").forEach((svg) => {
      if (parseFloat(svg.style.getPropertyValue("--tf-least")) > innerWidth - 40) svg.parentElement.tabIndex = 0;
    }));
  }

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
    /* No landmark: there is one a block, and a list of landmarks is for finding one's way. */
    document.querySelectorAll("nav.md-code__nav:not([role])").forEach((nav) => nav.setAttribute("role", "none"));
  };
  new MutationObserver(() => { if (!waiting) { waiting = true; later(names); } })
    .observe(document.querySelector("[data-md-component=content]") || document.body, { childList: true, subtree: true });
  names();
})();
