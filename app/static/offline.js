/* The offline form: makes a file of what was typed, locked for the desk. Sends nothing, keeps nothing. */
(() => {
  "use strict";
  const form = document.getElementById("form");
  const part = (id) => document.getElementById(id);
  const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  let secret = new Uint8Array(0);

  // The receipt's code as the desk will work it out from the file: base32, in groups of four.
  const code = (octets) => {
    let bits = "";
    for (const octet of octets) bits += octet.toString(2).padStart(8, "0");
    const letters = bits.match(/.{1,5}/g).map((five) => LETTERS[parseInt(five.padEnd(5, "0"), 2)]).join("");
    return letters.match(/.{1,4}/g).join("-");
  };

  const answers = () => {
    const given = new FormData(form);
    const typed = {};
    for (const name of new Set(given.keys())) {
      const values = given.getAll(name).filter((value) => value.trim());
      if (values.length) typed[name] = values;
    }
    return typed;
  };

  const report = () => JSON.stringify({
    flagstone: 1,
    secret: Array.from(secret, (octet) => octet.toString(16).padStart(2, "0")).join(""),
    language: form.dataset.language,
    answers: answers(),
  });

  const save = (content, ending) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([content], { type: "application/octet-stream" }));
    // The file's name tells nothing of what is in it.
    link.download = `note-${code(secret).slice(0, 4).toLowerCase()}.${ending}`;
    link.click();
    const locked = ending === "age";
    part("locked").hidden = !locked;
    part("open").hidden = locked;
    part("unlocked").hidden = true;
    part("code").textContent = code(secret);
    part("made").hidden = false;
    part("made").focus();
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const typed = answers();
    const complete = typed.what && typed.category;
    part("missing").hidden = Boolean(complete);
    if (!complete) { part("missing").focus(); return; }
    secret = crypto.getRandomValues(new Uint8Array(Number(form.dataset.octets)));
    try {
      save(await seal(form.dataset.recipient, report()), "age");
    } catch {
      part("unlocked").hidden = false;
      part("unlocked").focus();
    }
  });

  part("anyway").addEventListener("click", () => save(report(), "json"));
})();
