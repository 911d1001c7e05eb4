/* Proof of work for the report form, sent only while many reports come in. Adds to the form; sends and keeps nothing itself. */
(() => {
  "use strict";
  const LONGEST_WAIT = 20000;
  const field = document.querySelector("[data-work]");
  const form = field && field.form;
  if (!form || field.value || !window.Worker) return;
  const challenge = JSON.parse(field.dataset.work);
  let ended = null;
  let hasWaited = false;

  const begin = () => {
    ended = ended || new Promise((done) => {
      const worker = new Worker(field.dataset.worker);
      worker.addEventListener("error", () => done());
      worker.addEventListener("message", ({ data }) => {
        if (data && data.derivedKey) field.value = btoa(JSON.stringify({ challenge, solution: data }));
        done();
      });
      worker.postMessage({ type: "work", challenge, counterStart: 0, counterStep: 1 });
    });
    return ended;
  };

  // Nobody who only looks at the page pays for it: the work begins with the first thing that is typed.
  form.addEventListener("input", begin, { once: true });

  form.addEventListener("submit", (event) => {
    if (field.value || hasWaited) return;
    event.preventDefault();
    event.stopPropagation();
    const button = form.querySelector("[type=submit]");
    const words = button.textContent;
    button.textContent = field.dataset.busy;
    button.disabled = true;
    // Without a solution the report goes all the same, to the slower lane.
    const enough = new Promise((done) => { setTimeout(done, LONGEST_WAIT); });
    Promise.race([begin(), enough]).then(() => {
      hasWaited = true;
      button.textContent = words;
      button.disabled = false;
      form.requestSubmit(button);
    });
  });
})();
