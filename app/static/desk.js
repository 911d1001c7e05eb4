// Adds to the desk what a page alone cannot: a lease that counts down and lengthens with work, counters, keys. Nothing needs it.
"use strict";

const KEYS_OFF = "desk-keys-off";
const ACTIVITY_MS = 5 * 60 * 1000;

function countLease() {
  const tag = document.querySelector("[data-lease]");
  if (!tag) return;
  let until = Date.now() + Number(tag.dataset.lease) * 60000;
  let lastSent = Date.now();
  const show = () => {
    const left = Math.ceil((until - Date.now()) / 60000);
    tag.textContent = left > 0 ? tag.dataset.text.replace("{minutes}", left) : tag.dataset.over;
    tag.classList.toggle("good", left > 5);
    tag.classList.toggle("medium", left <= 5);
  };
  const lengthen = async () => {
    if (Date.now() - lastSent < ACTIVITY_MS) return;
    lastSent = Date.now();
    const token = document.querySelector("[name=csrf_token]").value;
    const answer = await fetch(tag.dataset.leaseAddress, { method: "POST", headers: { "X-CSRFToken": token, Accept: "application/json" } }).catch(() => null);
    if (answer && answer.ok) { until = Date.now() + Number(tag.dataset.lease) * 60000; show(); }
  };
  document.addEventListener("input", lengthen);
  setInterval(show, 15000);
}

function followScope() {
  const form = document.querySelector(".assessment");
  if (!form) return;
  const fields = { expires: form.elements.expires_after, review: form.elements.review_after };
  let current = form.querySelector("[name=target]:checked");
  form.addEventListener("change", (event) => {
    if (event.target.name !== "target") return;
    for (const [name, field] of Object.entries(fields)) {
      // Only days that nobody changed follow the scope; a shorter time that was typed stays.
      if (!current || field.value === current.dataset[name]) field.value = event.target.dataset[name];
    }
    current = event.target;
  });
}

function countCharacters() {
  for (const area of document.querySelectorAll("textarea[data-most]")) {
    const hint = document.getElementById(`${area.id}-hint`);
    const rest = document.createElement("span");
    rest.className = "left-over";
    hint.append(" ", rest);
    const show = () => { rest.textContent = area.value ? `${area.value.length} / ${area.dataset.most}` : ""; };
    area.addEventListener("input", show);
    show();
  }
}

function rows() {
  return [...document.querySelectorAll(".queue tbody tr")];
}

function choose(step) {
  const all = rows();
  if (!all.length) return;
  const now = all.findIndex((row) => row.hasAttribute("data-chosen"));
  const next = all[Math.min(all.length - 1, Math.max(0, now + step))];
  all.forEach((row) => row.removeAttribute("data-chosen"));
  next.setAttribute("data-chosen", "");
  next.querySelector("a").focus();
}

function listenToKeys() {
  const line = document.querySelector("[data-keys]");
  if (!line) return;
  line.hidden = false;
  const off = line.querySelector("[data-keys-off]");
  const sayState = () => { off.setAttribute("aria-pressed", String(localStorage.getItem(KEYS_OFF) === "1")); };
  off.addEventListener("click", () => {
    localStorage.setItem(KEYS_OFF, localStorage.getItem(KEYS_OFF) === "1" ? "0" : "1");
    sayState();
  });
  sayState();
  // No key claims, publishes or sends anything: they only move.
  const acts = { j: () => choose(1), k: () => choose(-1), "/": () => { document.querySelector(".filtering").open = true; document.getElementById("text").focus(); } };
  document.addEventListener("keydown", (event) => {
    if (localStorage.getItem(KEYS_OFF) === "1" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    if (acts[event.key]) { event.preventDefault(); acts[event.key](); }
  });
}

document.getElementById("errors")?.focus();
countLease();
followScope();
countCharacters();
listenToKeys();
