/**
 * A suggestion and the draft -> why it fits, and why it may not, in a few words each.
 *
 * In: values of a reply. Out: two lists of short texts. Pure.
 * Not here: how they look (cards).
 */

/** @typedef {import("./words.js").Words} Words */
/** @typedef {import("./client.js").Suggestion} Suggestion */
/** @typedef {import("./client.js").Draft} Draft */
/** @typedef {{fits: string[], doubts: string[]}} Facts */

/** Reasons that are told by what is known of the answer, in the language of the page. */
const TOLD = new Set(["staff_verified", "accepted_answer", "staff_answer", "outdated_answer"]);

/**
 * Say what speaks for a suggestion and what against it.
 * @param {Suggestion} suggestion
 * @param {Draft} draft
 * @param {Words} words
 * @returns {Facts}
 */
export function factsOf(suggestion, draft, words) {
  const { applicability, lang, reasons, staff } = suggestion;
  const trust = suggestion.trust || {};
  const what = [draft.product, draft.version].filter(Boolean).join(" ");
  const others = reasons.filter(({ code }) => !TOLD.has(code)).map(({ text }) => text);
  /** @type {string[]} */
  const fits = [];
  /** @type {string[]} */
  const doubts = [];

  if (trust.verified) fits.push(words.say("fact.verified"));
  else if (staff) fits.push(words.say("fact.staff"));
  if (trust.accepted) fits.push(words.say("fact.accepted"));
  if (trust.confirmed) fits.push(words.say("confirmed", { n: trust.confirmed }));
  else if (trust.helpful) fits.push(words.say("helpful", { n: trust.helpful }));
  if (applicability === "fits") {
    fits.push(words.say(what ? "fact.fits_what" : "fact.fits", { what }));
  }
  if (lang) {
    const language = words.say("fact.language", { language: words.language(lang) });
    (lang === words.lang ? fits : doubts).push(language);
  }
  fits.push(...others);

  if (applicability === "other_product") doubts.push(words.say("fact.other_product"));
  if (applicability === "other_version") doubts.push(otherVersion(trust.valid_versions, words));
  if (applicability === "outdated") doubts.push(words.say("fact.outdated"));
  if (applicability === "unknown" && draft.version) {
    doubts.push(words.say("fact.unsure", { version: draft.version }));
  }
  if (trust.contradicted) doubts.push(words.say("contradicted", { n: trust.contradicted }));
  return { fits, doubts };
}

/**
 * The types of what is sensitive in a draft, each once.
 * @param {import("./client.js").Reply | null} reply
 * @returns {string[]}
 */
export function typesOf(reply) {
  return [...new Set(reply?.sensitive.map(({ type }) => type))];
}

/**
 * @param {string | null | undefined} versions
 * @param {Words} words
 */
function otherVersion(versions, words) {
  return versions ? words.say("fact.versions", { versions }) : words.say("fact.other_version");
}
