/**
 * The rest of a reply -> what stands around the suggestions.
 *
 * In: the scene. Out: the content of each box: what is sensitive, who else asks the same, what is
 * missing, where the question goes, what to do now.
 * Not here: suggestions and known issues (cards), whether a box is drawn anew (frame).
 */

import { away, button, make, pageOnly, tick } from "./dom.js";
import { typesOf } from "./facts.js";

/** @typedef {import("./cards.js").Scene} Scene */
/** @typedef {import("./client.js").Reply} Reply */

const IN_FIELDS = new Set(["title", "body"]);

/**
 * What of a draft others should not see, and what becomes of it.
 * @param {Scene} scene
 * @returns {import("./dom.js").Child[]}
 */
export function sensitiveNote({ reply, words, acts }) {
  const { sensitive, visibility } = /** @type {Reply} */ (reply);
  const types = words.types(typesOf(reply));
  const shared = visibility === "private" ? "sensitive.private" : "sensitive.shared";
  return [
    make("h3", {}, words.say("sensitive.title")),
    make("p", {}, words.say("sensitive.found", { types }), " ", words.say(shared)),
    sensitive.some(({ field }) => IN_FIELDS.has(field)) &&
      button("redact", words.say("sensitive.redact"), acts.redact, "secondary"),
  ];
}

/**
 * Open questions that ask the same, and how many wait with them.
 * @param {Scene} scene
 * @returns {Node[]}
 */
export function twinsNote(scene) {
  const { words, acts, followed } = scene;
  const reply = /** @type {Reply} */ (scene.reply);
  const [first] = reply.same_question;
  if (!first) return [make("p", {}, words.say("also_affected", { n: reply.also_affected }))];
  const { thread_id, followers } = first;
  const following = followed.has(thread_id);
  const url = scene.address(thread_id);
  return [
    make("h3", {}, words.say("twins.title")),
    make("p", {}, followers ? words.say("followers", { n: followers }) : words.say("twins.alone")),
    make(
      "div",
      { part: "actions" },
      url && away(url, words.say("twins.read")),
      scene.follow &&
        button(
          "follow",
          words.say(following ? "twins.following" : "twins.follow"),
          () => following || acts.follow(thread_id, reply),
          "secondary",
          { "aria-pressed": String(following) },
        ),
    ),
  ];
}

/**
 * The one thing that whoever answers will ask for, to be told here.
 * @param {Scene} scene
 * @returns {Node[]}
 */
export function missingNote({ reply, words, acts }) {
  const [{ code, text }] = /** @type {Reply} */ (reply).missing;
  const input = /** @type {HTMLInputElement} */ (
    make("input", { id: "wanted", "data-act": "missing", autocomplete: "off" })
  );
  const submit = (/** @type {Event} */ event) => {
    event.preventDefault();
    const said = input.value.trim();
    if (said) acts.add(code, text, said);
    else input.focus();
  };
  return [
    make(
      "form",
      { submit, novalidate: true },
      make("label", { for: "wanted" }, words.say("missing.title"), " ", make("strong", {}, text)),
      make(
        "div",
        { part: "line" },
        input,
        make("button", { part: "button secondary", "data-act": "add" }, words.say("missing.add")),
      ),
    ),
  ];
}

/**
 * Where the question goes when it is posted, and why.
 * @param {Scene} scene
 * @returns {import("./dom.js").Child[]}
 */
export function routeNote({ reply, words, acts, wishes }) {
  const told = /** @type {Reply} */ (reply);
  const { destination, visibility, reasons, expected_seconds, public_allowed } = told;
  const way = destination === "expert" ? "route.expert" : `route.${visibility}`;
  const why = reasons.map(({ text }) => text).join(" ");
  const handover = pageOnly(told.handover_url);
  const time = expected_seconds && words.duration(expected_seconds);
  const free = wishes.public || (visibility === "private" && public_allowed);
  return [
    make("h3", {}, words.say(way)),
    make("p", { part: "faint" }, why),
    time && make("p", { part: "faint" }, words.say("route.time", { time })),
    handover && away(handover, words.say("route.handover")),
    free &&
      tick("public", words.say("route.public_wish"), wishes.public, (on) => {
        acts.wish("public", on);
      }),
  ];
}

/**
 * What whoever still needs help can do: everything.
 * @param {Scene} scene
 * @returns {Node[]}
 */
export function helpNote({ words, acts, postable, suggestions, wishes }) {
  const n = suggestions.length;
  return [
    make("h3", {}, words.say("help.title")),
    make("p", { id: "help-text" }, words.say("help.text")),
    tick("person", words.say("help.person"), wishes.person, (on) => acts.wish("person", on)),
    make(
      "div",
      { part: "actions" },
      postable &&
        button("post", words.say("help.post"), acts.post, "primary", {
          "aria-describedby": "help-text",
        }),
      n > 0 && button("again", words.say("unfold", { n }), acts.unfold, "quiet"),
    ),
  ];
}

/**
 * That it is solved, and that nothing was lost.
 * @param {Scene} scene
 * @returns {Node[]}
 */
export function solvedNote({ words, acts }) {
  return [
    make("h3", { tabindex: "-1" }, words.say("solved.title")),
    make("p", {}, words.say("solved.text")),
    button("not-solved", words.say("solved.undo"), acts.notSolved, "quiet"),
  ];
}

/**
 * Whether the visit may be remembered; or that it is.
 * @param {Scene} scene
 * @returns {Node[]}
 */
export function consentNote({ words, acts, consent }) {
  if (consent === "given") {
    return [
      make("p", { part: "faint" }, words.say("consent.given")),
      button("withdraw", words.say("consent.forget"), () => acts.remember(false), "quiet"),
    ];
  }
  return [
    make("p", { part: "faint" }, words.say("consent.text")),
    make(
      "div",
      { part: "actions" },
      button("grant", words.say("consent.yes"), () => acts.remember(true), "secondary"),
      button("decline", words.say("consent.no"), () => acts.remember(false), "secondary"),
    ),
  ];
}
