/**
 * A form that somebody else made -> what is written in it; and what is written into it.
 *
 * In: the element's attributes. Out: texts, hidden inputs, a text without what was sensitive. The
 * form may come late, be drawn anew at any time, and need not be a form; so nothing of it is kept.
 * Not here: when it is read (element), what is sent besides (element).
 */

import { make } from "./dom.js";

/** @typedef {"title" | "body" | "product" | "version" | "severity"} FieldName */
/** @typedef {Element & {value?: string}} Field */
/** @typedef {{type: string, field: string, start: number, end: number}} Span */

/**
 * Where a field is looked for unless an attribute says it, the likeliest first.
 * @type {Record<FieldName, string[]>}
 */
const USUAL = {
  title: ["[name=title]"],
  body: ["[name=body]", "textarea", "[contenteditable]:not([contenteditable=false])"],
  product: ["[name=product]"],
  version: ["[name=version]"],
  severity: ["[name=customer_severity]", "[name=severity]"],
};
const NAMES = /** @type {FieldName[]} */ (Object.keys(USUAL));
/** What the service takes of each; of the others, LONGEST_NAME. */
const LONGEST = new Map([
  ["title", 1_000],
  ["body", 200_000],
  ["error_text", 10_000],
]);
const LONGEST_NAME = 300;

/**
 * As much of a text as the service takes: more would cost the suggestions.
 * @param {string} name
 * @param {string} text
 * @returns {string}
 */
export function taken(name, text) {
  return text.slice(0, LONGEST.get(name) || LONGEST_NAME);
}

/** What is around one element. */
export class Fields {
  /** @param {Element} element */
  constructor(element) {
    this.element = element;
  }

  /** What holds the fields, if it is there. */
  get holder() {
    const id = this.element.getAttribute("for");
    const root = /** @type {Document | ShadowRoot} */ (this.element.getRootNode());
    return id ? root.getElementById?.(id) : this.element.closest("form");
  }

  /** The form, where that is one. */
  get form() {
    const holder = this.holder;
    return holder instanceof HTMLFormElement ? holder : null;
  }

  /**
   * @param {FieldName} name
   * @returns {Field | null}
   */
  one(name) {
    const told = this.element.getAttribute(`${name}-field`);
    const root = /** @type {Document | ShadowRoot} */ (this.element.getRootNode());
    const holder = this.holder;
    if (told) return holder?.querySelector(told) || root.querySelector(told);
    for (const usual of USUAL[name]) {
      const found = holder?.querySelector(usual);
      if (found) return found;
    }
    return null;
  }

  /**
   * Whether something that happened there is about the draft.
   * @param {EventTarget | null} target
   * @returns {boolean}
   */
  have(target) {
    if (!(target instanceof Node) || target === this.element) return false;
    const around = [this.holder, ...NAMES.map((name) => this.one(name))];
    return around.some((one) => one?.contains(target));
  }

  /**
   * What is written in each field; of one that is not there, nothing.
   * @returns {Record<FieldName, string>}
   */
  read() {
    return /** @type {any} */ (
      Object.fromEntries(
        NAMES.map((name) => [name, taken(name, textOf(this.one(name)))]),
      )
    );
  }

  /**
   * Whether a box that the form may have is ticked.
   * @param {string} name
   * @returns {boolean}
   */
  ticked(name) {
    return Boolean(this.holder?.querySelector(`[name=${name}]:checked`));
  }

  /**
   * Write what belongs to the draft into hidden inputs of the form, so that its server has it.
   * @param {Record<string, string | false | null | undefined>} named null: there is none
   */
  stamp(named) {
    const form = this.form;
    if (!form) return;
    for (const [name, value] of Object.entries(named)) {
      const found = form.querySelector(`input[type=hidden][name=${name}]`);
      const input = /** @type {HTMLInputElement} */ (
        found || make("input", { type: "hidden", name })
      );
      input.value = value || "";
      if (!found) form.append(input);
    }
  }

  /**
   * Take what is sensitive out of the fields and say so in its place, as the service does.
   * @param {{title: string, body: string}} draft in which it was found
   * @param {Span[]} spans
   * @returns {Field | null} the first field that something was taken out of
   */
  redact(draft, spans) {
    let first = null;
    for (const name of /** @type {const} */ (["title", "body"])) {
      const field = this.one(name);
      const mine = spans.filter((span) => span.field === name);
      if (!field || !mine.length) continue;
      const letters = [...draft[name]];
      // From the end, so that the places before stay where they are.
      for (const { type, start, end } of mine.sort((one, other) => other.start - one.start)) {
        const at = letters.slice(0, start).join("").length;
        const found = letters.slice(start, end).join("");
        if (put(field, found, at, `[${type.toUpperCase()}]`)) first ||= field;
      }
      told(field);
    }
    return first;
  }

  /**
   * Write something that was asked for: into the field for it, else below the question.
   * @param {FieldName} name
   * @param {string} asked
   * @param {string} said
   */
  add(name, asked, said) {
    const own = name === "body" ? null : this.one(name);
    const field = own || this.one("body");
    if (!field) return;
    const before = own ? "" : textOf(field).trimEnd();
    const text = own ? said : `${before}${before ? "\n\n" : ""}${asked} ${said}`;
    if (field.value === undefined) field.append(make("p", {}, `${asked} ${said}`));
    else set(field, text);
    told(field);
  }
}

/** @param {Field | null} field */
function textOf(field) {
  if (!field) return "";
  const { type, form, name } = /** @type {HTMLInputElement} */ (field);
  // Of several the one that is chosen, which is not the first.
  if (type === "radio") return /** @type {any} */ (form?.elements)?.[name].value ?? "";
  return field.value ?? /** @type {HTMLElement} */ (field).innerText;
}

/**
 * Whoever else listens to the field learns of it as if it had been typed.
 * @param {Element} field
 */
function told(field) {
  field.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

/**
 * Frameworks watch the property of their own inputs; only the one of all inputs gets past that.
 * @param {Field} field
 * @param {string} text
 */
function set(field, text) {
  const given = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), "value")?.set;
  if (given) given.call(field, text);
  else field.value = text;
}

/**
 * @param {Field} field
 * @param {string} found
 * @param {number} at where it stood
 * @param {string} instead
 * @returns {boolean} whether it still stood there
 */
function put(field, found, at, instead) {
  if (field.value === undefined) return putInNodes(field, found, instead);
  const text = field.value;
  // Somebody may have typed on since it was found.
  const from = text.startsWith(found, at) ? at : text.indexOf(found);
  if (from >= 0) set(field, text.slice(0, from) + instead + text.slice(from + found.length));
  return from >= 0;
}

/**
 * @param {Element} field whose text stands in nodes
 * @param {string} found
 * @param {string} instead
 * @returns {boolean}
 */
function putInNodes(field, found, instead) {
  const walk = document.createTreeWalker(field, NodeFilter.SHOW_TEXT);
  /** @type {Text[]} */
  const nodes = [];
  while (walk.nextNode()) nodes.push(/** @type {Text} */ (walk.currentNode));
  let at = nodes.map(({ data }) => data).join("").lastIndexOf(found);
  if (at < 0) return false;
  let left = found.length;
  // Half of it may be bold.
  for (const node of nodes) {
    const { length } = node;
    if (left && at < length) {
      const count = Math.min(left, length - at);
      node.replaceData(at, count, instead);
      left -= count;
      at = 0;
      instead = "";
    } else at -= length;
  }
  return true;
}
