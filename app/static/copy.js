/* Copies a text that stands on the page; without scripts it can be selected or saved. Sends nothing. */
(() => {
  "use strict";
  const select = (text) => { const range = document.createRange(); range.selectNodeContents(text); getSelection().removeAllRanges(); getSelection().addRange(range); };
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const text = document.getElementById(button.dataset.copy);
      select(text);
      // Where the browser gives no clipboard (plain http), the text is selected at least.
      try { await navigator.clipboard.writeText(text.textContent); } catch { return; }
      button.firstChild.textContent = button.dataset.done;
    });
  }
})();
