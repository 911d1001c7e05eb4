/* Adds to the public pages; each of them works without. Keeps nothing, sends nothing. */
(() => {
  "use strict";
  const exit = document.querySelector("[data-exit]");
  const tabs = new BroadcastChannel("exit");
  const leave = () => {
    document.title = "";
    document.body.hidden = true;
    location.replace(exit.href);
  };
  const leaveAll = () => { tabs.postMessage(""); leave(); };
  const typed = () => [...document.querySelectorAll("main textarea, main input[type=text]")].some((field) => field.value !== field.defaultValue);

  if (exit) {
    // Whoever leaves one of our pages leaves those in other tabs too.
    tabs.addEventListener("message", leave);
    exit.addEventListener("click", (event) => { event.preventDefault(); leaveAll(); });
    let presses = [];
    addEventListener("keydown", (event) => {
      if (event.key !== "Escape") { presses = []; return; }
      presses = [...presses.filter((at) => event.timeStamp - at < 3000), event.timeStamp];
      if (presses.length >= 3) leaveAll();
    });

    // Our pages take one place in the browser's history, not many: after the exit, Back leads to where the visitor was before.
    addEventListener("click", (event) => {
      const link = event.target.closest("a[href]");
      if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      if (link.target || link.origin !== location.origin || (link.hash && link.pathname === location.pathname)) return;
      event.preventDefault();
      // What is typed must not be lost by looking something up: then the other page opens beside this one.
      if (typed()) open(link.href, "_blank", "noopener,noreferrer");
      else location.replace(link.href);
    });

    // A form's answer takes a place of its own, so the form's place is given to the exit: Back must not lead to what was typed.
    let sent = false;
    addEventListener("submit", () => { sent = true; history.replaceState(null, "", exit.href); });
    addEventListener("pageshow", (event) => { if (event.persisted && sent) leave(); });
  }

  // A bookmarklet opens /report#<address>: what stands after # never travels to any server.
  const what = document.getElementById("what");
  const passed = location.hash.slice(1);
  if (what && passed && !what.value && !document.getElementById(passed)) {
    let text = passed;
    try { text = decodeURIComponent(passed); } catch { /* Not encoded: taken as it is. */ }
    what.value = text.slice(0, 2000);
    history.replaceState(null, "", location.pathname);
  }

  // Whether scripts run here decides which budget a report falls under; the form alone tells, nothing about the browser.
  const scripted = document.querySelector("[data-scripted]");
  if (scripted) scripted.value = "1";

  document.querySelector("[data-focus]")?.focus();

  const more = document.querySelector("[data-with-script]");
  if (more) {
    more.hidden = false;
    more.querySelector("[data-print]")?.addEventListener("click", () => print());
    const copy = more.querySelector("[data-copy]");
    if (copy) copy.hidden = !navigator.clipboard;
    copy?.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(copy.dataset.copy).textContent);
      copy.textContent = copy.dataset.done;
    });
  }
})();
