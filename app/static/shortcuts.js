// The keys of the desk. They move, select, open and claim; none decides or publishes. Without the dialog that lists them, they are off.
"use strict";
(() => {
  const PARTS = {
    1: ["#reports-heading"],
    2: ["#facts-heading"],
    3: ["#related-heading", "#notices-heading"],
    4: ["#closing-heading", "#decision"],
  };
  const FIELDS = "input, textarea, select, [contenteditable], dialog";
  let typed = false;

  const first = (...selectors) => selectors.map((each) => document.querySelector(each)).find(Boolean);
  const rows = () => [...document.querySelectorAll(".queue tbody tr")];
  const chosen = () => document.querySelector(".queue tr[data-chosen]");

  function choose(step) {
    const all = rows();
    if (!all.length) return;
    const now = all.findIndex((row) => row.hasAttribute("data-chosen"));
    const next = all[Math.min(all.length - 1, Math.max(0, now + step))];
    all.forEach((row) => row.removeAttribute("data-chosen"));
    next.setAttribute("data-chosen", "");
    next.querySelector(".q-resource a")?.focus();
  }

  function claim() {
    // By its address alone: no other button can be meant.
    const where = chosen() ?? (rows().length ? null : document.querySelector("main"));
    const button = where?.querySelector("form[action$='/claim'] button");
    if (button) { button.click(); return; }
    // Whose it is stands in the row; a key that does nothing says so.
    const why = where?.querySelector(".q-who")?.textContent.trim().replace(/\s+/g, " ") ?? "";
    const dialog = document.getElementById("shortcuts");
    if (where) document.getElementById("told").textContent = `${dialog.dataset.taken} ${why}`.trim();
  }

  function goTo(part) {
    const found = first(...PARTS[part]);
    if (!found) return;
    found.closest("details")?.setAttribute("open", "");
    found.setAttribute("tabindex", "-1");
    found.focus({ preventScroll: true });
    found.scrollIntoView({ block: "start" });
  }

  function search() {
    const field = document.querySelector("main input[type=search]");
    if (!field) return;
    field.closest("details")?.setAttribute("open", "");
    field.focus();
  }

  function toTheQueue() {
    const dialog = document.getElementById("shortcuts");
    if (typed) { document.getElementById("told").textContent = dialog.dataset.written; return; }
    if (rows().length || document.querySelector(".filtering")) { window.location.reload(); return; }
    if (dialog.dataset.queue) window.location.assign(dialog.dataset.queue);
  }

  const ACTS = {
    j: () => choose(1),
    k: () => choose(-1),
    x: () => chosen()?.querySelector("input[type=checkbox]")?.click(),
    c: claim,
    r: toTheQueue,
    "/": search,
    "?": () => document.getElementById("shortcuts").showModal(),
    ...Object.fromEntries(Object.keys(PARTS).map((part) => [part, () => goTo(part)])),
  };

  // Where a keyboard writes another script, the place of a key stands for its Latin letter.
  function meant(event) {
    if (event.key.length === 1 && event.key > "\x7f" && event.code.startsWith("Key")) return event.code.slice(3).toLowerCase();
    return event.key;
  }

  document.addEventListener("keydown", (event) => {
    const isOn = document.getElementById("shortcuts");
    if (!isOn || isOn.open || event.isComposing || event.repeat && "cx".includes(event.key)) return;
    const key = meant(event);
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey && !"?/".includes(key)) return;
    // A tick in the queue takes no letters, and who ticked one by hand goes on to the next.
    if (event.target.closest?.(FIELDS) && !event.target.matches(".queue input[type=checkbox]")) return;
    if (key === "Enter" && event.target === document.body) { chosen()?.querySelector(".q-resource a")?.click(); return; }
    if (!Object.hasOwn(ACTS, key)) return;
    event.preventDefault();
    ACTS[key]();
  });
  document.addEventListener("input", (event) => { typed ||= Boolean(event.target.closest("main form[method=post]")); });
  document.addEventListener("htmx:after:swap", () => { typed = false; });
})();
