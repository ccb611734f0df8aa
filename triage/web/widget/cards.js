/**
 * Suggestions and known issues -> what of them is seen in the list.
 *
 * In: values of a reply, words, what may be done. Out: nodes.
 * Not here: which are shown (element), the panel that a suggestion opens in (panel).
 */

import { away, button, make } from "./dom.js";
import { factsOf } from "./facts.js";

/** @typedef {import("./client.js").Suggestion} Suggestion */
/** @typedef {import("./client.js").Reply} Reply */
/** @typedef {import("./client.js").Draft} Draft */
/** @typedef {import("./words.js").Words} Words */

/**
 * @typedef {object} Acts what a person can do; each tells the service and the page
 * @property {(suggestion: Suggestion, reply: Reply, inTab: boolean) => boolean} open false: the
 *   page opens it itself
 * @property {(threadId: string | null, rank: number | undefined, reply: Reply) => void} solved by a
 *   suggestion or a known issue
 * @property {(suggestion: Suggestion, reply: Reply) => void} notMine
 * @property {() => void} notSolved
 * @property {(threadId: string, reply: Reply) => void} follow
 * @property {() => void} redact
 * @property {(code: string, asked: string, said: string) => void} add
 * @property {() => void} help
 * @property {() => void} unfold
 * @property {() => void} post
 * @property {(wish: "person" | "public", on: boolean) => void} wish
 * @property {(yes: boolean) => void} remember
 */

/**
 * @typedef {object} Scene everything that is seen depends on
 * @property {Words} words
 * @property {Acts} acts
 * @property {Reply | null} reply
 * @property {Draft | null} draft
 * @property {Suggestion[]} suggestions without those that were put aside
 * @property {Set<string>} followed
 * @property {{thread_id: string | null, rank?: number, reply: Reply, text: string} | null} solved
 *   by what, and what was written then
 * @property {boolean} help whether "I still need help" was pressed
 * @property {{person: boolean, public: boolean}} wishes
 * @property {"ask" | "given" | false} consent
 * @property {boolean} postable whether there is a form that can be sent from here
 * @property {boolean} follow whether the page lets people follow a thread
 * @property {boolean} inTab whether suggestions open in a tab
 * @property {(threadId: string | null, told?: string | null) => string | null} address of a thread
 */

/**
 * What is seen of a suggestion.
 * @param {Suggestion} suggestion
 * @param {Scene} scene
 * @returns {Node[]}
 */
export function card(suggestion, scene) {
  const { words, draft } = scene;
  const { title, snippet, lang } = suggestion;
  return [
    make("h3", { lang }, opener(suggestion, title, scene)),
    make("p", { part: "snippet", lang }, snippet),
    facts(suggestion, draft, words),
    verdict(suggestion, scene),
  ];
}

/**
 * @param {Suggestion} suggestion
 * @param {string} title
 * @param {Scene} scene
 */
function opener(suggestion, title, scene) {
  const reply = /** @type {Reply} */ (scene.reply);
  const url = scene.address(suggestion.thread_id, suggestion.url);
  if (scene.inTab && url) {
    const click = (/** @type {Event} */ event) => {
      if (!scene.acts.open(suggestion, reply, true)) event.preventDefault();
    };
    return away(url, title, { part: "card-title", "data-act": "open", click });
  }
  const click = () => scene.acts.open(suggestion, reply, false);
  return button("open", title, click, "card-title", { "aria-haspopup": "dialog" });
}

/**
 * Why it fits and why it may not.
 * @param {Suggestion} suggestion
 * @param {Draft | null} draft
 * @param {Words} words
 * @param {string} [more] that speaks for it
 * @returns {HTMLElement}
 */
export function facts(suggestion, draft, words, more) {
  const { fits, doubts } = factsOf(suggestion, draft || { title: "", body: "" }, words);
  const list = (/** @type {string} */ part, /** @type {string[]} */ texts) =>
    texts.length > 0 &&
    make(
      "ul",
      { part: `${part}s`, "aria-label": words.say(`card.${part}s`) },
      ...texts.map((text) => make("li", { part }, text)),
    );
  return make(
    "div",
    { part: "facts" },
    list("fit", more ? [more, ...fits] : fits),
    list("doubt", doubts),
  );
}

/**
 * A button that a screen reader can tell from the same one of another suggestion.
 * @param {string} title
 * @param {string} act
 * @param {string} said
 * @param {"secondary" | "quiet"} kind
 * @param {() => void} click
 */
function about(title, act, said, kind, click) {
  return button(act, said, click, kind, { "aria-label": `${said}: ${title}` });
}

/**
 * The two words that somebody may have on a suggestion.
 * @param {Suggestion} suggestion
 * @param {Scene} scene
 * @returns {HTMLElement}
 */
export function verdict(suggestion, scene) {
  const { words, acts } = scene;
  const reply = /** @type {Reply} */ (scene.reply);
  const { thread_id, rank, title } = suggestion;
  return make(
    "div",
    { part: "actions" },
    about(title, "solved", words.say("card.solved"), "secondary", () =>
      acts.solved(thread_id, rank, reply),
    ),
    about(title, "not-mine", words.say("card.not_mine"), "quiet", () =>
      acts.notMine(suggestion, reply),
    ),
  );
}

/**
 * What is seen of a known issue.
 * @param {Record<string, any>} issue
 * @param {Scene} scene
 * @returns {Node}
 */
export function issueCard(issue, scene) {
  const { words, acts } = scene;
  const reply = /** @type {Reply} */ (scene.reply);
  const { title, body, lang, affected, workaround, fix, fixed_in, thread_id } = issue;
  const url = scene.address(thread_id);
  const told = (/** @type {string} */ key, /** @type {string} */ text) =>
    text && make("p", {}, make("strong", {}, words.say(key)), " ", make("span", { lang }, text));
  const click = () => acts.solved(thread_id, undefined, reply);
  return make(
    "article",
    { part: "issue" },
    make("p", { part: "kicker" }, words.say(issue.certain ? "issue.certain" : "issue.maybe")),
    make("h3", { lang }, title),
    body && make("p", { lang }, body),
    told("issue.workaround", workaround),
    told("issue.fix", fix),
    fixed_in && make("p", {}, words.say("issue.fixed_in", { version: fixed_in })),
    affected > 0 && make("p", { part: "faint" }, words.say("affected", { n: affected })),
    make(
      "div",
      { part: "actions" },
      (workaround || fix) &&
        about(title, "solved", words.say("card.solved"), "secondary", click),
      url && away(url, words.say("issue.read")),
    ),
  );
}
