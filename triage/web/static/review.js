// The review queue by keyboard: a digit chooses a label of the question that is next, Enter saves.
// Nothing here is needed: the page is a form, and every key is a button or a link of it. Keys of one
// letter can be switched off, since voices and braille displays type letters, too.
(() => {
  "use strict";

  const KEPT = "triage-review-keys";
  const form = document.getElementById("decide");
  const panel = document.getElementById("keys");
  const tick = document.getElementById("keys-on");
  if (!panel || !tick) return;

  const kept = () => {
    try { return localStorage.getItem(KEPT); } catch { return null; }
  };

  const keep = (value) => {
    try { localStorage.setItem(KEPT, value); } catch { /* It holds for this page alone. */ }
  };

  const show = (on) => {
    for (const key of document.querySelectorAll("kbd.key")) key.hidden = !on;
  };

  const groups = () => [...document.querySelectorAll("fieldset.labels")].filter((one) => one.dataset.target && one.checkVisibility());

  const isOpen = (group) => {
    const chosen = group.querySelector("input[type=radio]:checked");
    return (!chosen || !chosen.value) && !group.querySelector(".other input")?.value;
  };

  // The one that holds the focus, else the first that nothing is chosen of.
  const current = () => {
    const held = document.activeElement?.closest?.("fieldset.labels");
    const all = groups();
    return all.includes(held) ? held : all.find(isOpen) ?? all[0];
  };

  const onward = (group) => {
    const all = groups();
    const next = all.slice(all.indexOf(group) + 1).find(isOpen);
    const radio = next?.querySelector("input[type=radio]:checked") ?? next?.querySelector("input[type=radio]");
    (radio ?? form.querySelector("button.save"))?.focus();
  };

  const choose = (group, radio) => {
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
    onward(group);
  };

  const byDigit = (digit) => {
    const button = form?.querySelector(`button[data-key="${digit}"]`);
    if (button) { button.focus(); return true; }
    const group = form && current();
    const radio = group?.querySelector(`input[data-key="${digit}"]`);
    if (radio) choose(group, radio);
    return Boolean(radio);
  };

  // What the model says, wherever nothing else was chosen.
  const agree = () => {
    const button = form?.querySelector("button.agree");
    if (!button || button.hidden) return false;
    for (const group of groups()) {
      const guess = group.dataset.guess;
      const radio = [...group.querySelectorAll("input[type=radio]")].find((one) => guess && one.value === guess);
      if (radio && isOpen(group)) radio.checked = true;
    }
    form.querySelector("button.save").focus();
    return true;
  };

  const send = (id) => {
    const found = document.getElementById(id);
    if (!found) return false;
    if (found instanceof HTMLFormElement) found.requestSubmit(); else found.click();
    return true;
  };

  const step = (by) => {
    const links = [...document.querySelectorAll(".beside a")];
    const here = links.findIndex((one) => one.hasAttribute("aria-current"));
    const next = links[here < 0 ? 0 : here + by];
    if (!next) return false;
    next.click();
    return true;
  };

  const write = () => {
    const note = document.getElementById("note");
    if (!note) return false;
    note.closest("details").open = true;
    note.focus();
    return true;
  };

  const help = () => {
    panel.open = !panel.open;
    if (panel.open) panel.querySelector("summary").focus();
    return true;
  };

  const save = () => {
    const button = form?.querySelector("button.save");
    if (!button) return false;
    form.requestSubmit(button);
    return true;
  };

  const ACTS = {
    a: agree, s: () => send("skip"), u: () => send("undo"), j: () => step(1), k: () => step(-1), n: write, "?": help,
  };

  const typing = (at) => at.closest?.("textarea, select, input:not([type=radio]):not([type=checkbox])");
  // There Enter has a meaning of its own.
  const pressing = (at) => at.closest?.("a, button, summary, input[type=checkbox]");

  // Whatever is typed while the next item is on its way was meant for nothing.
  let sent = false;

  const heard = (event) => {
    if (sent && event.key === "Enter") { event.preventDefault(); return; }
    if (event.defaultPrevented || event.altKey || event.isComposing) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && typing(event.target)) {
      if (save()) event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.repeat) return;
    if (event.key === "Escape" && typing(event.target)) { event.target.blur(); return; }
    if (!tick.checked || typing(event.target) || sent) return;
    if (event.key === "Enter") {
      if (!pressing(event.target) && save()) event.preventDefault();
      return;
    }
    const act = /^[0-9]$/.test(event.key) ? () => byDigit(event.key) : ACTS[event.key.toLowerCase()];
    if (act?.()) event.preventDefault();
  };

  // A topic that is typed is the one that counts, so none is ticked beside it.
  const alone = (event) => {
    const group = event.target.closest("fieldset.labels");
    const other = group?.querySelector(".other input");
    if (!other || !group.dataset.target) return;
    if (event.target === other && other.value) {
      group.querySelector('input[type=radio][value=""]').checked = true;
    } else if (event.target !== other && event.target.value) {
      other.value = "";
    }
  };

  tick.checked = kept() !== "off";
  panel.hidden = false;
  show(tick.checked);
  const agreeing = form?.querySelector("button.agree");
  if (agreeing && groups().some((one) => one.dataset.guess)) {
    agreeing.hidden = false;
    agreeing.addEventListener("click", agree);
  }
  tick.addEventListener("change", () => {
    keep(tick.checked ? "on" : "off");
    show(tick.checked);
  });
  form?.addEventListener("input", alone);
  form?.addEventListener("change", alone);
  for (const one of document.forms) {
    one.addEventListener("submit", (event) => {
      if (sent) event.preventDefault();
      else if (one.method === "post") sent = true;
    });
  }
  // Whoever comes back by the browser's own button finds a page that answers.
  window.addEventListener("pageshow", () => { sent = false; });
  document.addEventListener("keydown", heard);
  document.querySelector(".beside [aria-current]")?.scrollIntoView({ block: "nearest" });
})();
