/**
 * Names, attributes and listeners -> nodes; and boxes that are filled anew only when they must be.
 *
 * In: what a part of the page is made of. Out: nodes. Text comes in as text and never as HTML, so
 * that neither a snippet nor a policy about scripts, styles and trusted types can be hurt.
 * Not here: what is shown (cards, notes), where (frame).
 */

/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * Make an element. Functions become listeners, `true` an empty attribute; what is null, false or
 * empty is left out. The parts that a page may style are classes, too.
 * @param {string} tag
 * @param {Record<string, any>} [given]
 * @param {...Child} children
 * @returns {HTMLElement}
 */
export function make(tag, given = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (value || value === 0) node.setAttribute(name, value === true ? "" : value);
  }
  if (given.part) node.className = given.part;
  node.append(.../** @type {(Node | string)[]} */ (children.filter(Boolean)));
  return node;
}

/**
 * A button that does one thing; `act` names it for styles and tests.
 * @param {string} act
 * @param {string} words
 * @param {() => void} click
 * @param {"primary" | "secondary" | "quiet" | "close" | "card-title"} kind
 * @param {Record<string, any>} [more]
 * @returns {HTMLElement}
 */
export function button(act, words, click, kind, more) {
  const given = { type: "button", part: `button ${kind}`, "data-act": act, click, ...more };
  return make("button", given, words);
}

/**
 * A link that leaves the page, and with it the draft, where they are.
 * @param {string} href
 * @param {string} words
 * @param {Record<string, any>} [more]
 * @returns {HTMLElement}
 */
export function away(href, words, more) {
  return make("a", { href, target: "_blank", rel: "noopener", part: "link", ...more }, words);
}

/**
 * A box that can be ticked, with its words.
 * @param {string} act
 * @param {string} words
 * @param {boolean} on
 * @param {(on: boolean) => void} change
 * @returns {HTMLElement}
 */
export function tick(act, words, on, change) {
  const box = make("input", {
    type: "checkbox",
    checked: on,
    "data-act": act,
    change: (/** @type {Event} */ event) =>
      change(/** @type {HTMLInputElement} */ (event.target).checked),
  });
  return make("label", { part: "tick" }, box, words);
}

/** @type {WeakMap<Element, string>} */
const filledWith = new WeakMap();

/**
 * Fill a box anew if it is about something else than before; one that is about nothing is hidden.
 *
 * Whoever has the focus in it, and what is typed there, is so left alone as long as may be.
 * @param {Element} box
 * @param {any} about falsy: nothing
 * @param {() => Child[]} build
 */
export function fill(box, about, build) {
  const key = JSON.stringify(about || null);
  if (filledWith.get(box) === key) return;
  filledWith.set(box, key);
  box.replaceChildren(.../** @type {Node[]} */ (about ? build().filter(Boolean) : []));
  box.toggleAttribute("hidden", !about);
}

/**
 * Draw, and leave the focus where it was: on the same thing, on what took its place, or nearby.
 * @param {ShadowRoot} shadow
 * @param {() => void} draw
 */
export function keepingFocus(shadow, draw) {
  const held = /** @type {HTMLElement | null} */ (shadow.activeElement);
  const thread = held?.closest("[data-thread]")?.getAttribute("data-thread");
  draw();
  if (!held || shadow.activeElement === held) return;
  const same = `[data-act="${held.dataset.act}"]`;
  const within = thread ? `[data-thread="${CSS.escape(thread)}"] ` : "";
  const next = held.isConnected ? held : shadow.querySelector(within + same);
  /** @type {HTMLElement | null} */ (next || shadow.querySelector("[part=title]"))?.focus();
}

/**
 * Keep only addresses of pages; one that would run something is none.
 * @param {string | null | undefined} address
 * @returns {string | null}
 */
export function pageOnly(address) {
  const { protocol, href } = /** @type {HTMLAnchorElement} */ (make("a", { href: address }));
  return /^https?:$/.test(protocol) && address ? href : null;
}
