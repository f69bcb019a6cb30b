"use strict";
(() => {
  const one = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const counted = (n, of, what) => (n === of ? `${of} ${what}` : `${n} of ${of} ${what}`);
  const later = (act) => { let timer; return () => { clearTimeout(timer); timer = setTimeout(act, 120); }; };

  // Lists that can be sorted: a button in each heading, and the order for screen readers.
  const value = (row, column, kind) => {
    const text = row.cells[column].textContent.trim();
    return kind === "number" ? Number(text.replaceAll(",", "")) || 0 : folded(text);
  };
  for (const table of all("table.sortable")) {
    for (const head of all("th[data-sort]", table)) {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const kind = head.dataset.sort, column = head.cellIndex;
        const first = kind === "number" ? "descending" : "ascending";
        const other = kind === "number" ? "ascending" : "descending";
        const order = head.getAttribute("aria-sort") === first ? other : first;
        for (const other of all("th[aria-sort]", table)) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", order);
        const sign = order === "ascending" ? 1 : -1;
        const rows = [...table.tBodies[0].rows].map((row) => [value(row, column, kind), row]);
        rows.sort(([a], [b]) => sign * (kind === "number" ? a - b : a === b ? 0 : a === "" ? sign : b === "" ? -sign : a < b ? -1 : 1));
        table.tBodies[0].append(...rows.map(([, row]) => row));
      });
    }
  }

  // The list of names: search and types.
  const list = one("#entities-table");
  if (list) {
    const controls = one("[data-for=entities-table]"), search = one("#entities-search");
    const rows = [...list.tBodies[0].rows].map((row) => [folded(row.cells[0].textContent), row]);
    const show = () => {
      const words = folded(search.value).split(/\s+/).filter(Boolean);
      const kinds = all("input[name=kind]:checked", controls).map((box) => box.value);
      let shown = 0;
      for (const [text, row] of rows) {
        row.hidden = !(kinds.includes(row.dataset.kind) && words.every((word) => text.includes(word)));
        shown += !row.hidden;
      }
      one("#entities-status").textContent = counted(shown, rows.length, "names");
    };
    search.addEventListener("input", later(show));
    controls.addEventListener("change", show);
    controls.hidden = false;
    show();
  }

  // The reader: words, speaker, types and confidence.
  const stories = one("#stories");
  if (stories) {
    const articles = all(".story", stories).map((story) => {
      const said = all(".said", story);
      return { story, said, text: null, speakers: said.map((item) => folded(item.dataset.speaker)) };
    });
    const search = one("#reader-search"), speaker = one("#reader-speaker"), sure = one("#reader-confidence");
    const text = (article) => (article.text ??= folded(article.story.textContent));
    let least = 0;
    const show = () => {
      const words = folded(search.value).split(/\s+/).filter(Boolean), who = folded(speaker.value.trim());
      if (least !== Number(sure.value)) {
        least = Number(sure.value);
        one("#reader-least").textContent = least.toFixed(2);
        for (const mark of all(".n[data-c], .q[data-c]", stories)) mark.classList.toggle("faint", Number(mark.dataset.c) < least);
      }
      let shown = 0;
      for (const article of articles) {
        let matching = 0;
        article.said.forEach((item, i) => {
          const fits = Number(item.dataset.c) >= least && (!who || article.speakers[i].includes(who));
          item.classList.toggle("faint", !fits);
          matching += fits;
        });
        const fits = (matching > 0 || (!who && least === 0)) && words.every((word) => text(article).includes(word));
        article.story.hidden = !fits;
        shown += fits;
      }
      one("#reader-status").textContent = counted(shown, articles.length, "articles");
    };
    for (const input of [search, speaker, sure]) input.addEventListener("input", later(show));
    for (const box of all("#reader-controls input[name=mark]")) {
      box.addEventListener("change", () => stories.classList.toggle(`no-${box.value}`, !box.checked));
    }
    const turn = (open) => () => {
      for (const { story } of articles) if (!story.hidden) one("details", story).open = open;
    };
    one("#reader-open").addEventListener("click", turn(true));
    one("#reader-close").addEventListener("click", turn(false));
    one("#reader-controls").hidden = false;
    show();
    // A link leads to its article even where filters hide it.
    window.addEventListener("hashchange", () => arrive());
    const arrive = () => {
      let target = null;
      try { target = document.getElementById(decodeURIComponent(location.hash.slice(1))); } catch { return; }
      const story = target?.closest(".story");
      if (!story) return;
      if (story.hidden) {
        search.value = speaker.value = "";
        sure.value = 0;
        show();
      }
      one("details", story).open = true;
      all(".here").forEach((mark) => mark.classList.remove("here"));
      target.scrollIntoView({ block: target === story ? "start" : "center", behavior: "instant" });
      // Last, since what is told of it is put beside where it is then.
      if (target !== story) {
        target.classList.add("here");
        target.focus({ preventScroll: true });
        // A window without the focus tells nobody of it.
        if (target.matches(marks)) tell(target);
      } else {
        one("summary", story).focus({ preventScroll: true });
      }
    };

    // What is known of a name or a quotation, beside it; and all that belongs to the same speaker.
    const card = one("#card");
    let hiding, owner;
    const hide = () => {
      card.hidden = true;
      owner?.removeAttribute("aria-describedby");
      owner = null;
      all(".lit", stories).forEach((mark) => mark.classList.remove("lit"));
    };
    const tell = (mark) => {
      clearTimeout(hiding);
      if (owner === mark) return;
      hide();
      owner = mark;
      // The browser would show its own hint as well.
      if (mark.title) { mark.dataset.note = mark.title; mark.removeAttribute("title"); }
      const [name, ...rest] = mark.dataset.note.split("\n");
      const head = document.createElement("b");
      head.textContent = name;
      card.replaceChildren(head, ...rest.map((line) => Object.assign(document.createElement("span"), { textContent: line })));
      card.hidden = false;
      mark.setAttribute("aria-describedby", "card");
      const at = mark.getClientRects()[0] ?? mark.getBoundingClientRect();
      const above = at.top > card.offsetHeight + 12;
      card.style.left = `${Math.max(8, Math.min(at.left, innerWidth - card.offsetWidth - 8))}px`;
      card.style.top = `${above ? at.top - card.offsetHeight - 8 : at.bottom + 8}px`;
      const story = mark.closest(".story"), number = mark.dataset.e;
      if (number && number !== "0") {
        const same = `.text .n[data-e="${number}"]` + (mark.classList.contains("q") ? "" : `, .text .q[data-e="${number}"]`);
        all(same, story).forEach((other) => other.classList.add("lit"));
      }
      if (mark.dataset.q) all(`.text .q[data-q="${mark.dataset.q}"]`, story).forEach((part) => part.classList.add("lit"));
    };
    const marks = ".text .n[data-c], .text .q[data-q], .chip[title], .chip[data-note]";
    const marked = (event) => event.target.closest?.(marks);
    const leave = () => { clearTimeout(hiding); hiding = setTimeout(hide, 180); };
    stories.addEventListener("pointerover", (event) => { const mark = marked(event); if (mark) tell(mark); else leave(); });
    stories.addEventListener("pointerleave", leave);
    stories.addEventListener("click", (event) => { const mark = marked(event); if (mark) tell(mark); });
    stories.addEventListener("focusin", (event) => { const mark = marked(event); if (mark) tell(mark); });
    stories.addEventListener("focusout", leave);
    card.addEventListener("pointerenter", () => clearTimeout(hiding));
    card.addEventListener("pointerleave", leave);
    window.addEventListener("scroll", () => { if (!card.hidden && document.activeElement !== owner) hide(); }, { passive: true });
    document.addEventListener("keydown", (event) => { if (event.key === "Escape" && !card.hidden) hide(); });
    if (location.hash) arrive();
  }

  // Where in the report we are.
  const links = new Map(all(".contents a").map((link) => [link.hash.slice(1), link]));
  const watch = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      const link = links.get(entry.target.id);
      if (entry.isIntersecting) {
        all("[aria-current]").forEach((other) => other.removeAttribute("aria-current"));
        link?.setAttribute("aria-current", "true");
      }
    }
  }, { rootMargin: "-20% 0px -70% 0px" });
  all("main > section").forEach((section) => watch.observe(section));
})();
