// A run that goes on -> the page follows it: its state, its step, what is being done. When it has
// ended the page is read anew. Without this script the page has a link that does the same by hand.
(() => {
  "use strict";

  const run = document.getElementById("run");
  if (!run || !run.dataset.events || !window.EventSource) return;
  const words = JSON.parse(document.getElementById("run-words").textContent);
  const badge = run.querySelector(".mark");
  const said = document.getElementById("run-said");
  const bar = document.getElementById("run-bar");
  const note = document.getElementById("run-note");
  const cancelling = document.getElementById("run-cancelling");
  const steps = [...run.querySelectorAll("[data-step]")];
  const FINAL = ["done", "failed", "cancelled"];
  let step = 0;

  const showStep = (now) => {
    for (const one of steps) {
      const number = Number(one.dataset.step);
      one.classList.toggle("over", number < now);
      if (number === now) one.setAttribute("aria-current", "step");
      else one.removeAttribute("aria-current");
    }
    bar.value = Math.max(now - 1, 0);
    const current = steps.find((one) => Number(one.dataset.step) === now);
    // Each step is said once to who does not see it; the lines within it would never end.
    if (current && now !== step) said.textContent = current.textContent;
    step = now;
  };

  const show = (told) => {
    // Another run than the one that the page is of.
    if (Date.parse(told.queued_at) !== Date.parse(run.dataset.asked)) return true;
    run.dataset.state = told.state;
    badge.textContent = words[told.state] ?? told.state;
    note.textContent = told.note ?? "";
    if (told.state !== "queued") document.getElementById("run-queued")?.remove();
    if (told.cancel_wanted && cancelling.hidden) {
      cancelling.hidden = false;
      said.textContent = words.cancelling;
    }
    showStep(told.state === "running" && told.total ? Math.min(told.done + 1, told.total) : 0);
    return FINAL.includes(told.state);
  };

  const events = new EventSource(run.dataset.events);
  events.addEventListener("run", (event) => {
    run.dataset.live = "yes";
    document.getElementById("run-again").hidden = true;
    if (!show(JSON.parse(event.data))) return;
    events.close();
    location.replace(location.pathname);
  });
  // The browser comes back by itself; until then there is the link.
  events.addEventListener("error", () => { document.getElementById("run-again").hidden = false; });
  window.addEventListener("pagehide", () => events.close());
})();
