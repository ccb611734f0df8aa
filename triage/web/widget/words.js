/**
 * One language's file of words -> sentences, with plurals, languages and times as it has them.
 *
 * In: a language. Out: `Words`. The file is fetched once and held against its hash.
 * Not here: the words (words/LANG.toml), which of them are said (cards, notes, frame).
 */

import { homeOf } from "./client.js";
import { WORD_FILES } from "./made/words.js";

/** @type {Record<string, string>} */
const SAME_AS = { no: "nb", nn: "nb" };
const DEFAULT = "en";
/**
 * In what a time is told that is shorter than so many seconds, and how many of them that has.
 * @type {[number, string, number][]}
 */
const UNITS = [
  [3_600, "minute", 60],
  [129_600, "hour", 3_600],
  [Infinity, "day", 86_400],
];

/**
 * The language to speak: the nearest that the page names, else the browser's, of those that are.
 * @param {Element} element
 * @returns {string}
 */
export function languageOf(element) {
  const around = element.closest("[lang]")?.getAttribute("lang");
  for (const given of [around, document.documentElement.lang, ...navigator.languages]) {
    const code = (given || "").toLowerCase().split(/[-_]/)[0];
    const known = SAME_AS[code] || code;
    if (WORD_FILES[known]) return known;
  }
  return DEFAULT;
}

/** What is said in one language. */
export class Words {
  /**
   * @param {string} lang
   * @param {Record<string, string>} said by key
   */
  constructor(lang, said) {
    this.lang = lang;
    this.said = said;
    this.plural = new Intl.PluralRules(lang);
    this.number = new Intl.NumberFormat(lang);
  }

  /**
   * Say a key. With `n`, in the form that so many have.
   * @param {string} key
   * @param {Record<string, string | number>} [params]
   * @returns {string}
   */
  say(key, params = {}) {
    const { n } = params;
    const form = typeof n === "number" ? `${key}.${this.plural.select(n)}` : key;
    return this.said[form].replace(/\{(\w+)\}/g, (_, name) =>
      name === "n" ? this.number.format(/** @type {number} */ (n)) : params[name],
    );
  }

  /**
   * What something sensitive is called.
   * @param {string[]} types
   * @returns {string}
   */
  types(types) {
    return types.map((type) => this.said[`types.${type}`] || type).join(", ");
  }

  /**
   * @param {string} code of a language
   * @returns {string}
   */
  language(code) {
    return new Intl.DisplayNames(this.lang, { type: "language" }).of(code) ?? code;
  }

  /**
   * @param {number} seconds
   * @returns {string}
   */
  duration(seconds) {
    const [, unit, each] = /** @type {any} */ (UNITS.find(([under]) => seconds < under));
    const how = /** @type {any} */ ({ style: "unit", unit, unitDisplay: "long" });
    return new Intl.NumberFormat(this.lang, how).format(Math.max(1, Math.round(seconds / each)));
  }
}

/** @type {Map<string, Promise<Words>>} */
const fetched = new Map();

/**
 * Fetch the words of a language, once a page.
 * @param {string} lang
 * @param {string} [base] the address of the service; without it, where this file came from
 * @returns {Promise<Words>} rejects where they cannot be had; the next call tries again
 */
export function wordsIn(lang, base) {
  const hash = WORD_FILES[lang];
  const home = (base || homeOf()).replace(/\/+$/, "");
  const address = `${home}/widget/words/${lang}.json?v=${hash.slice(0, 12)}`;
  const known = fetched.get(address);
  if (known) return known;
  const coming = fetch(address, { integrity: `sha256-${hash}`, credentials: "omit" })
    .then((response) => response.json())
    .then((said) => new Words(lang, said));
  fetched.set(address, coming);
  coming.catch(() => fetched.delete(address));
  return coming;
}
