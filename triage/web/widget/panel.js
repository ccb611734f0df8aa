/**
 * A suggestion -> a panel beside the form, so that the draft stays in sight.
 *
 * In: a suggestion, the scene. Out: a dialog that is not modal: Escape closes it from anywhere,
 * and the focus goes back to where it came from.
 * Not here: that it was opened (element), its card (cards).
 */

import { facts, verdict } from "./cards.js";
import { away, button, make } from "./dom.js";

/** @typedef {import("./cards.js").Scene} Scene */
/** @typedef {import("./client.js").Suggestion} Suggestion */

/** One panel, for one suggestion at a time. */
export class Panel {
  constructor() {
    this.dialog = /** @type {HTMLDialogElement} */ (
      make("dialog", { part: "panel", popover: "manual", "aria-labelledby": "panel-title" })
    );
    /** @type {Element | null} */
    this.from = null;
    this.escape = (/** @type {Event} */ event) => {
      if (/** @type {KeyboardEvent} */ (event).key !== "Escape") return;
      // The page may close its form on the same key.
      event.stopPropagation();
      event.preventDefault();
      this.close();
    };
  }

  /** What has the focus in the element, if anything has. */
  focused() {
    return /** @type {ShadowRoot} */ (this.dialog.getRootNode()).activeElement;
  }

  get isOpen() {
    return this.dialog.childElementCount > 0;
  }

  /**
   * @param {Suggestion} suggestion
   * @param {Scene} scene
   */
  open(suggestion, scene) {
    const { words, draft } = scene;
    const open = this.isOpen;
    if (!open) this.from = this.focused();
    const { title, snippet, lang } = suggestion;
    const titled = { id: "panel-title", part: "panel-title", tabindex: "-1", lang };
    const heading = make("h2", titled, title);
    const url = scene.address(suggestion.thread_id, suggestion.url);
    const percent = Math.round(suggestion.probability * 100);
    const likely = words.say("fact.likely", { percent });
    const close = words.say("panel.close");
    this.dialog.setAttribute("data-thread", suggestion.thread_id);
    this.dialog.replaceChildren(
      make(
        "div",
        { part: "panel-head" },
        heading,
        button("close", "\u2715", () => this.close(), "close", { "aria-label": close }),
      ),
      make(
        "div",
        { part: "panel-text" },
        make("p", { lang }, snippet),
        url && away(url, words.say("panel.read"), { "data-act": "read" }),
        facts(suggestion, draft, words, likely),
      ),
      verdict(suggestion, scene),
    );
    // Above everything where the browser has such a place, however the page around is made.
    if (!open) this.dialog["showPopover" in this.dialog ? "showPopover" : "show"]();
    heading.focus();
    addEventListener("keydown", this.escape, true);
  }

  close() {
    if (!this.isOpen) return;
    removeEventListener("keydown", this.escape, true);
    const inside = this.dialog.contains(this.focused());
    this.dialog["hidePopover" in this.dialog ? "hidePopover" : "close"]();
    this.dialog.replaceChildren();
    const title = this.dialog.parentNode?.querySelector("[part=title]");
    // The card that it came from may have been drawn anew meanwhile.
    const back = this.from?.isConnected ? this.from : title;
    if (inside) /** @type {HTMLElement | null} */ (back)?.focus();
  }
}
