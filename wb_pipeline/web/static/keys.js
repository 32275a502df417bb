// Keys for people who clear a queue without a mouse. Everything here can be done without this file too.
"use strict";

(() => {
  const one = (selector) => document.querySelector(selector);
  const all = (selector) => Array.from(document.querySelectorAll(selector));
  const said = one("#said");

  // A live region is read out when its words change, not when they are there from the beginning.
  const say = (words) => {
    const line = document.createElement("p");
    line.className = "notice";
    line.textContent = words;
    said.replaceChildren(line);
  };
  const sayAgain = () => {
    const lines = Array.from(said.childNodes);
    if (lines.length === 0) return;
    said.replaceChildren();
    requestAnimationFrame(() => said.replaceChildren(...lines));
  };

  const isTyping = (target) =>
    target instanceof HTMLElement && target.matches("input:not([type=checkbox]):not([type=radio]), textarea, select");

  // The queue: one entry is the current one.
  const rows = all(".row");
  let at = rows.findIndex((row) => row.contains(document.activeElement));
  const move = (step) => {
    if (rows.length === 0) return false;
    at = at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + step, 0), rows.length - 1);
    rows.forEach((row, place) => row.classList.toggle("at", place === at));
    rows[at].querySelector(".open").focus();
    return true;
  };
  const box = () => (rows[at] ? rows[at].querySelector("input[type=checkbox]") : null);
  const tell = () => {
    const bar = one("#selected");
    if (!bar) return;
    const chosen = all(".row input:checked").reduce((sum, each) => sum + Number(each.dataset.items || 1), 0);
    bar.textContent = chosen === 0 ? "Nothing is selected." : `${chosen} selected.`;
  };
  const bulk = (decision) => {
    const button = one(`#bulk button[value=${decision}]`);
    if (!button) return false;
    if (all(".row input:checked").length === 0 && box()) box().checked = true;
    if (all(".row input:checked").length === 0) return say("Select an entry first: j, then x."), true;
    button.form.requestSubmit(button);
    return true;
  };

  // An item: its neighbours are links, its decisions are forms.
  const follow = (rel) => {
    const link = one(`a[rel=${rel}]`);
    if (!link) return say(rel === "next" ? "This is the last one." : "This is the first one."), true;
    link.click();
    return true;
  };
  const send = (id) => {
    const form = one(id);
    if (!form || !form.checkVisibility()) return false;
    form.requestSubmit();
    return true;
  };
  const open = (id, field) => {
    const part = one(id);
    if (!part || !part.checkVisibility()) return false;
    all(".decide details[open]").forEach((other) => { if (other !== part) other.open = false; });
    part.open = true;
    const first = part.querySelector(field);
    if (first) first.focus();
    return true;
  };
  const reason = (digit) => {
    const part = one("#reject");
    if (!part || !part.open) return false;
    const choice = part.querySelectorAll("input[type=radio]")[Number(digit) - 1];
    if (!choice) return false;
    choice.checked = true;
    part.querySelector("[name=words]").focus();
    return true;
  };
  const close = () => {
    all(".decide details[open]").forEach((part) => { part.open = false; });
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    return true;
  };

  const isItem = one(".decide") !== null;
  const keys = {
    j: () => (isItem ? follow("next") : move(1)),
    k: () => (isItem ? follow("prev") : move(-1)),
    x: () => { const found = box(); if (!found) return false; found.checked = !found.checked; tell(); return true; },
    a: () => (isItem ? send("#approve") : bulk("approve")),
    r: () => (isItem ? open("#reject", "input[type=radio]") : bulk("reject")),
    e: () => open("#edit", "textarea, input[type=text], select"),
    u: () => (say("Nothing is undone by a key: open the item to decide otherwise. What was written is taken back by wb undo."), true),
    "?": () => { one(".help-link").click(); return true; },
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape") { close(); return; }
    if (isTyping(event.target) || event.repeat) return;
    const done = /^[1-9]$/.test(event.key) ? reason(event.key) : keys[event.key] && keys[event.key]();
    if (done) event.preventDefault();
  });
  // A second press must not send a form twice.
  document.addEventListener("submit", (event) => {
    if (event.target.dataset.sent) event.preventDefault();
    event.target.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) all("form").forEach((form) => { delete form.dataset.sent; });
  });
  document.addEventListener("change", tell);
  rows.forEach((row, place) => row.addEventListener("focusin", () => {
    at = place;
    rows.forEach((other) => other.classList.toggle("at", other === row));
  }));

  tell();
  sayAgain();
  const first = one("[data-first]");
  if (first) first.focus();
  document.documentElement.dataset.keys = "ready";
})();
