/* Says in words what the two pictures show. The page works without; keeps nothing, sends nothing. */
(() => {
  "use strict";
  const card = document.querySelector("[data-connection]");
  const side = Number(card.dataset.connection);
  const say = (what) => { for (const each of card.children) each.hidden = each.dataset.said !== what; };

  // Fetched anew, past what the browser kept of an earlier try; a name server that never answers counts as not reached.
  const reached = (shown) => new Promise((done) => {
    const picture = new Image();
    const timer = setTimeout(() => done(false), 10000);
    const end = (found) => { clearTimeout(timer); done(found); };
    picture.onload = () => end(picture.naturalWidth === side && picture.naturalHeight === side);
    picture.onerror = () => end(false);
    picture.referrerPolicy = "no-referrer";
    picture.src = `${shown.src}?${Date.now()}`;
  });

  say("waiting");
  Promise.all(["listed", "never"].map((name) => reached(document.querySelector(`[data-name=${name}]`)))).then(([listed, never]) => {
    say(never ? (listed ? "open" : "enforced") : "unclear");
  });
})();
