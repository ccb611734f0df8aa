/**
 * The form, the attributes and what the page has set -> the draft that is sent.
 *
 * In: the element. Out: a draft, as `POST /v1/triage` takes it.
 * Not here: finding the fields (fields), when it is read (element).
 */

import { taken } from "./fields.js";

/** @typedef {import("./client.js").Draft} Draft */
/** @typedef {import("./element.js").TriageSuggest} TriageSuggest */


/**
 * What the page gave, or what its callback gives; one that fails takes nothing else with it.
 * @param {TriageSuggest} host
 * @param {"context" | "severity" | "consent"} name
 * @returns {any}
 */
export function givenBy(host, name) {
  const given = host.given[name];
  try {
    return typeof given === "function" ? given() : given;
  } catch (fault) {
    reportError(fault);
    return undefined;
  }
}

/**
 * What is written now, and what is known around it. A field counts more than an attribute.
 * @param {TriageSuggest} host
 * @returns {Draft}
 */
export function draftOf(host) {
  const { fields, dataset, now } = host;
  const { title, body, product, version, severity } = fields.read();
  const { page, form, recordType: record_type, errorText: error_text } = dataset;
  const worst = Number(severity || givenBy(host, "severity") || dataset.severity);
  return {
    title,
    body,
    lang: host.told("draft-lang"),
    product: product || host.told("product"),
    version: version || host.told("version"),
    context: short({ page, form, record_type, error_text, ...givenBy(host, "context") }),
    customer_severity: [1, 2, 3, 4].find((one) => one === worst),
    wants_person: now.wishes.person || fields.ticked("wants_person"),
    wants_public: now.wishes.public || fields.ticked("wants_public"),
  };
}

/**
 * What is too long, or a number, must not cost the suggestions.
 * @param {Record<string, any>} context
 * @returns {Draft["context"]}
 */
function short(context) {
  for (const [name, told] of Object.entries(context)) {
    context[name] = told && taken(name, String(told));
  }
  return context;
}
