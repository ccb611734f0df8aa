// The numbers of the policy's lines follow what is typed, and the line at fault is opened.
// Without this script the numbers of the text as it came stand there.
(() => {
  "use strict";

  const box = document.querySelector("[data-lines]");
  if (!box) return;
  const gutter = box.querySelector(".gutter");
  const text = box.querySelector("textarea");
  const fault = Number(box.dataset.line) || 0;
  const ROOM = 2;

  const number = () => {
    const many = text.value.split("\n").length + ROOM;
    text.rows = many;
    while (gutter.children.length > many) gutter.lastElementChild.remove();
    for (let at = gutter.children.length + 1; at <= many; at += 1) {
      const line = document.createElement("span");
      line.textContent = String(at);
      gutter.append(line);
    }
  };

  const open = () => {
    const lines = text.value.split("\n");
    const from = lines.slice(0, fault - 1).reduce((sum, line) => sum + line.length + 1, 0);
    text.focus({ preventScroll: true });
    text.setSelectionRange(from, from + (lines[fault - 1] ?? "").length);
    gutter.children[fault - 1]?.scrollIntoView({ block: "center" });
  };

  gutter.replaceChildren(...gutter.children);
  number();
  text.addEventListener("input", number);
  if (fault) open();
})();
