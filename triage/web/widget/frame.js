/**
 * The scene as it is now -> the whole of what is seen, changed only where it differs.
 *
 * In: a scene. Out: the nodes of the element's shadow. Known issues stand first, then suggestions,
 * then the rest; the way to a person is always in sight.
 * Not here: what a box says (cards, notes), what happens when something is pressed (element).
 */

import { card, issueCard } from "./cards.js";
import { button, fill, keepingFocus, make } from "./dom.js";
import { typesOf } from "./facts.js";
import { STYLE } from "./made/style.js";
import {
  consentNote,
  helpNote,
  missingNote,
  routeNote,
  sensitiveNote,
  solvedNote,
  twinsNote,
} from "./notes.js";
import { Panel } from "./panel.js";

/** @typedef {import("./cards.js").Scene} Scene */
/** @typedef {import("./client.js").Reply} Reply */
/** @typedef {import("./seen.js").Seen} Seen */

/** So long nothing may change before it is said aloud. */
const CALM = 700;
const BOXES = "sensitive solved help issues list twins missing route consent foot".split(" ");

/** What is told of where a question goes depends on these of a reply. */
const WAY = /** @type {(keyof Reply)[]} */ (
  "destination visibility reasons expected_seconds public_allowed handover_url".split(" ")
);

/** What one element shows. */
export class Frame {
  /** @param {ShadowRoot} shadow */
  constructor(shadow) {
    this.shadow = shadow;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    shadow.adoptedStyleSheets = [sheet];
    this.panel = new Panel();
    this.title = make("h2", { id: "heading", part: "title", tabindex: "-1" });
    this.hint = make("p", { part: "hint faint" });
    this.status = make("p", { role: "status", part: "status" });
    /** @type {Record<string, HTMLElement>} */
    this.boxes = {};
    for (const name of BOXES) {
      this.boxes[name] = make(name === "list" ? "ol" : "div", { part: name, hidden: true });
    }
    this.box = make(
      "section",
      { part: "box", "aria-labelledby": "heading", hidden: true },
      make("div", { part: "head" }, this.title, this.hint),
      ...Object.values(this.boxes),
    );
    shadow.append(this.box, this.status, this.panel.dialog);
    this.said = "";
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
  }

  /**
   * @param {Scene} scene
   * @param {Seen} seen
   */
  render(scene, seen) {
    keepingFocus(this.shadow, () => {
      for (const node of [this.box, this.status, this.panel.dialog]) node.lang = scene.words.lang;
      this.box.removeAttribute("hidden");
      this.around(scene);
      this.cards(scene, seen);
    });
    this.announce(scene);
  }

  /**
   * The boxes around the suggestions.
   * @param {Scene} scene
   */
  around(scene) {
    const { words, reply, solved, help, consent, wishes, followed } = scene;
    const open = solved ? null : reply;
    /** @type {(name: string, about: any, build: () => any) => void} */
    const draw = (name, about, build) =>
      fill(this.boxes[name], about && [words.lang, reply?.ask_id, about], build);
    const issues = open?.known_issues || [];
    const { sensitive = [], visibility, missing, also_affected: also } = open || {};
    const twin = open?.same_question[0];
    const way = WAY.map((name) => open?.[name]);

    this.title.textContent = words.say("box.title");
    this.hint.textContent = words.say(reply ? "box.nothing" : "box.hint");
    this.hint.hidden = Boolean(solved || help || scene.suggestions.length || issues.length);
    draw("sensitive", sensitive.length && [sensitive, visibility], () => sensitiveNote(scene));
    draw("issues", issues.length && issues, () => issues.map((issue) => issueCard(issue, scene)));
    draw("twins", (twin || also) && [twin, also, [...followed], scene.follow], () =>
      twinsNote(scene),
    );
    draw("solved", solved && true, () => solvedNote(scene));
    draw("help", help && [scene.postable, scene.suggestions.length], () => helpNote(scene));
    draw("missing", missing?.[0], () => missingNote(scene));
    draw("route", open && [...way, wishes.public], () => routeNote(scene));
    draw("consent", consent, () => consentNote(scene));
    draw("foot", true, () => [
      button("need-help", words.say("help.button"), scene.acts.help, "secondary"),
    ]);
  }

  /**
   * The suggestions, each in its place; those that were there stay as they are.
   * @param {Scene} scene
   * @param {Seen} seen
   */
  cards(scene, seen) {
    const { list } = this.boxes;
    const folded = Boolean(scene.solved || scene.help);
    const before = new Map(
      [...list.children].map((item) => [item.getAttribute("data-thread"), item]),
    );
    scene.suggestions.forEach((suggestion, place) => {
      const { thread_id, probability: _, ...about } = suggestion;
      const known = before.get(thread_id);
      const item = known || make("li", { part: "card", "data-thread": thread_id });
      before.delete(thread_id);
      if (list.children[place] !== item) list.insertBefore(item, list.children[place] || null);
      const { product, version } = scene.draft || {};
      const key = [scene.words.lang, scene.reply?.ask_id, about, product, version, scene.inTab];
      fill(item, key, () => card(suggestion, scene));
      if (!known) seen.watch(item);
    });
    before.forEach((item) => {
      seen.leave(item);
      item.remove();
    });
    list.hidden = folded || !scene.suggestions.length;
  }

  /**
   * Say aloud what is new, once it stays.
   * @param {Scene} scene
   */
  announce({ words, reply, suggestions, solved, help }) {
    if (solved || help) return;
    const issues = reply?.known_issues.length || 0;
    const types = typesOf(reply);
    const told = [
      types.length && words.say("sensitive.found", { types: words.types(types) }),
      issues && words.say("issues", { n: issues }),
      suggestions.length && words.say("suggestions", { n: suggestions.length }),
    ].filter(Boolean);
    const threads = suggestions.map(({ thread_id }) => thread_id).sort();
    const text = told.join(" ") || (this.said && words.say("box.nothing"));
    this.say(text, JSON.stringify([threads, issues, types]));
  }

  /**
   * @param {string} text
   * @param {string} about the same is not said twice
   */
  say(text, about) {
    if (about === this.said || !text) return;
    this.said = about;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.status.textContent = text;
    }, CALM);
  }

  close() {
    clearTimeout(this.timer);
    this.panel.close();
  }
}
