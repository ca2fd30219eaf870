// Filters the scenarios. Without scripts the controls stay hidden and every scenario is shown.
"use strict";
(() => {
  const form = document.getElementById("filter");
  const text = form.querySelector("input[type=search]");
  const boxes = [...form.querySelectorAll("input[type=checkbox]")];
  const count = form.querySelector("output");
  const scenarios = [...document.querySelectorAll("article[data-status]")]
    .map(e => ({ e, status: e.dataset.status, words: e.textContent.toLowerCase() + " " + e.dataset.find.toLowerCase() }));
  const features = [...document.querySelectorAll("section.feature")];

  function apply() {
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const chosen = boxes.filter(b => b.checked).map(b => b.value);
    let shown = 0;
    for (const s of scenarios) {
      const show = (!chosen.length || chosen.includes(s.status)) && words.every(w => s.words.includes(w));
      s.e.hidden = !show;
      shown += show;
    }
    for (const f of features) f.hidden = !f.querySelector("article:not([hidden])");
    count.textContent = shown + " of " + scenarios.length + " shown";
  }

  // A link to a hidden scenario shows all of them, and opens it.
  function open() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.hidden || target.closest("section[hidden]")) {
      form.reset();
      apply();
    }
    target.querySelector(":scope > details")?.setAttribute("open", "");
    target.scrollIntoView();
  }

  form.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("submit", e => e.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  addEventListener("hashchange", open);
  apply();
  if (location.hash) open();
})();
