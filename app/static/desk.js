// Adds to the desk what a page alone cannot: a lease that counts down and lengthens with work, counters, pages without a new start.
// Nothing needs it.
"use strict";

let setUp = new AbortController();
let tick = 0;
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
    if (answer && answer.ok) { until = Date.now() + Number(answer.headers.get("Lease-Minutes")) * 60000; show(); }
  };
  document.addEventListener("input", lengthen, { signal: setUp.signal });
  tick = setInterval(show, 15000);
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

function begin() {
  // The page before this one is gone, and what counted for it ends with it.
  setUp.abort();
  clearInterval(tick);
  setUp = new AbortController();
  countLease();
  followScope();
  countCharacters();
}

function busy(isBusy) {
  if (isBusy) document.documentElement.setAttribute("aria-busy", "true");
  else document.documentElement.removeAttribute("aria-busy");
}

// Words that were typed and not sent, or sent and not stored, in another form than the one that is sent: a click must not lose them
// without a question.
function isUnsent(besides) {
  const typed = (field) => field.matches("textarea, input[type=text], input[type=number]") && field.value !== field.defaultValue;
  return [...document.querySelectorAll("form[data-keeps]")].some((form) => form !== besides && (form.dataset.keeps === "typed" || [...form.elements].some(typed)));
}

const underWay = new WeakSet();

document.addEventListener("htmx:config:request", (event) => {
  const { sourceElement, request } = event.detail.ctx;
  // What is not the desk's begins anew, with scripts and a head of its own.
  if (request.method === "GET" && !request.action.startsWith("/desk")) { event.preventDefault(); window.location.assign(request.action); return; }
  // A form that was sent twice by a quick hand is sent once.
  if (request.method === "POST" && underWay.has(sourceElement)) { event.preventDefault(); return; }
  if (isUnsent(sourceElement) && !window.confirm(document.body.dataset.unsent)) { event.preventDefault(); return; }
  underWay.add(sourceElement);
  document.querySelector("[data-no-answer]")?.remove();
  busy(true);
});

document.addEventListener("htmx:before:response", (event) => {
  const { response, request } = event.detail.ctx;
  const isPage = response.headers.get("Content-Type")?.startsWith("text/html") || response.headers.has("HX-Redirect");
  if (isPage || request.method !== "GET") return;
  // A file is for the browser, not for the page.
  event.preventDefault();
  window.location.assign(request.action);
});

document.addEventListener("htmx:before:history:update", (event) => {
  const { history: change, response } = event.detail;
  // An answer to a form has no address of its own that could be asked for again.
  if (response?.raw.redirected === false && response.status >= 400) { event.preventDefault(); return; }
  if (change.path === location.pathname + location.search) change.type = "replace";
});

// Another tab may have changed the language: what is put in place says which one it is in, and which way it runs.
function speakAsTold() {
  const told = document.querySelector("[data-direction]")?.dataset;
  if (told) Object.assign(document.documentElement, { lang: told.language, dir: told.direction });
}

document.addEventListener("htmx:after:swap", () => {
  busy(false);
  speakAsTold();
  begin();
  const anchor = location.hash && document.getElementById(location.hash.slice(1));
  const to = document.getElementById("errors") || anchor || document.getElementById("main");
  to?.focus({ preventScroll: to.id === "main" });
});

document.addEventListener("htmx:finally:request", (event) => { underWay.delete(event.target); busy(false); });

document.addEventListener("htmx:error", (event) => {
  if (event.detail.error?.name === "AbortError" && event.detail.ctx?.request.signal.reason !== "timeout") return;
  const note = document.createElement("p");
  note.className = "note bad";
  note.setAttribute("role", "alert");
  note.setAttribute("data-no-answer", "");
  note.textContent = document.body.dataset.failed;
  const near = event.target.closest?.("main form");
  if (near) near.append(note); else document.querySelector("main")?.prepend(note);
});

// Where htmx does not go: another tab's address, a closed window.
window.addEventListener("beforeunload", (event) => { if (isUnsent()) event.preventDefault(); });

document.getElementById("errors")?.focus();
begin();
