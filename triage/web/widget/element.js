/**
 * `<triage-suggest for="ask-form" key="pk_…">`: a form and the service, brought together.
 *
 * In: attributes, properties, what happens in the form. Out: what is seen, DOM events, events of
 * the service, hidden inputs. It never waits, never prevents a form from being sent and never says
 * that the service is away.
 * Not here: calls (client), fields (fields, draft), nodes (frame), what can be pressed (acts).
 */

import { actsOf } from "./acts.js";
import { createTriage, shelf } from "./client.js";
import { pageOnly } from "./dom.js";
import { draftOf, givenBy } from "./draft.js";
import { typesOf } from "./facts.js";
import { Fields } from "./fields.js";
import { Frame } from "./frame.js";
import { Seen } from "./seen.js";
import { languageOf, wordsIn } from "./words.js";

/** @typedef {import("./cards.js").Scene} Scene */
/** @typedef {import("./client.js").Draft} Draft */
/** @typedef {import("./client.js").Reply} Reply */
/** @typedef {import("./client.js").Suggestion} Suggestion */
/** @typedef {import("./client.js").Token} Token */
/** @typedef {import("./words.js").Words} Words */

const GIVEN = /** @type {const} */ (["context", "token", "severity", "consent"]);
const ANEW = ["key", "data-key", "base"];
/** Under this the client keeps the visit once that is allowed; so it was. */
const KEPT = "triage.session";

/** What belongs to one ask, before anything was done in it. */
function anew() {
  return {
    aside: /** @type {Set<string>} */ (new Set()),
    followed: /** @type {Set<string>} */ (new Set()),
    solved: /** @type {Scene["solved"]} */ (null),
    help: false,
    types: "",
    wishes: { person: false, public: false },
  };
}

/**
 * The element. The page may set `context`, `severity` and `token`, each a value or what gives it,
 * and `consent`, whether the visit may be remembered in the browser, likewise.
 */
export class TriageSuggest extends HTMLElement {
  constructor() {
    super();
    /** @type {{context?: any, token?: any, severity?: any, consent?: any}} */
    this.given = {};
    this.fields = new Fields(this);
    this.frame = new Frame(this.attachShadow({ mode: "open" }));
    /** @type {import("./client.js").Triage | null} */
    this.client = null;
    /** @type {Words | null} */
    this.words = null;
    this.acts = actsOf(this);
    this.observer = new MutationObserver((changes) => this.changed(changes));
    this.now = anew();
    this.agreed = false;
    this.asked = false;
    /** @type {(() => void)[]} */
    this.off = [];
    /** @type {string | undefined} */
    this.askId = undefined;
    /** @type {Draft | null} */
    this.last = null;
  }

  /** The newest reply, or null. */
  get reply() {
    return this.client?.reply || null;
  }

  /** What this visit is known by. */
  get session() {
    return this.client?.session || null;
  }

  connectedCallback() {
    for (const name of GIVEN) {
      // Set before the element was known to the page, it would hide what is behind the name.
      if (!Object.hasOwn(this, name)) continue;
      const value = /** @type {any} */ (this)[name];
      delete (/** @type {any} */ (this)[name]);
      Object.assign(this, { [name]: value });
    }
    this.observer.observe(this, { attributes: true });
    this.start();
  }

  disconnectedCallback() {
    this.observer.disconnect();
    this.stop();
  }

  /** Frameworks give attributes at any time. */
  changed(/** @type {MutationRecord[]} */ changes) {
    const names = changes.map(({ attributeName }) => attributeName);
    if (!this.listener || ANEW.some((name) => names.includes(name))) {
      this.stop();
      this.start();
    } else {
      if (names.includes("data-token")) this.set("token");
      this.speak();
      this.ask();
    }
  }

  /**
   * @param {string} name of an attribute
   * @returns {string | undefined} undefined: it is not there, or empty
   */
  told(name) {
    return this.getAttribute(name) || undefined;
  }

  /** Begin to listen; what was in the page before goes on as the same visit. */
  start() {
    const key = this.told("key") || this.told("data-key");
    if (!key || this.listener) return;
    this.off.forEach((off) => off());
    this.agreed = this.told("consent") === "ask" && shelf(() => sessionStorage)(KEPT) !== null;
    this.asked = this.agreed;
    const client = createTriage({
      key,
      session: this.client?.session,
      base: this.told("base"),
      token: this.tokenNow(),
      consent: () => this.mayKeep(),
    });
    this.client = client;
    this.off = [
      client.onReply((reply, draft) => this.replied(reply, draft)),
      client.onState((state, problem) => {
        this.frame.box.setAttribute("data-state", state);
        this.fire("state", { state, problem });
      }),
    ];
    this.seen = new Seen((node) => this.inSight(node.getAttribute("data-thread")));
    this.listener = new AbortController();
    const heard = { capture: true, signal: this.listener.signal };
    const root = this.getRootNode();
    for (const type of ["input", "change", "focusout"]) {
      root.addEventListener(type, (event) => this.heard(event), heard);
    }
    root.addEventListener("submit", (event) => this.sent(event), heard);
    // The fields are emptied once everybody has heard of it.
    root.addEventListener("reset", () => setTimeout(() => this.ask()), heard);
    this.speak();
    this.ask();
  }

  /** Stop listening. That it was posted can still be told: pages take it out before they know. */
  stop() {
    this.listener?.abort();
    this.listener = undefined;
    this.seen?.close();
    this.frame.close();
    this.client?.close();
  }

  /** Fetch the words of the language, unless they are there. */
  async speak() {
    const lang = languageOf(this);
    if (this.words?.lang !== lang) {
      try {
        const words = await wordsIn(lang, this.told("base"));
        if (lang === languageOf(this)) this.words = words;
      } catch {
        // Without words there is nothing to show; the next reply tries again.
      }
    }
    this.render();
  }

  /** @returns {Token} */
  tokenNow() {
    return this.given.token ?? this.dataset.token;
  }

  /** @param {string} name of what the page has set */
  set(name) {
    if (name === "token") this.client?.setToken(this.tokenNow());
    else if (name !== "consent") this.ask();
    else if (this.mayKeep()) this.client?.grant();
    else this.client?.withdraw();
  }

  /** @returns {boolean} */
  mayKeep() {
    return Boolean(givenBy(this, "consent") ?? this.agreed);
  }

  /** @param {Event} event */
  heard(event) {
    if (!this.fields.have(event.target)) return;
    const how = /** @type {InputEvent} */ (event).inputType || "";
    // Nobody types on in the middle of pasting, choosing or leaving.
    this.read(event.type !== "input" || /Paste|Drop/.test(how));
  }

  /** Read the fields and ask at once. */
  ask() {
    this.read(true);
  }

  /** @param {boolean} now */
  read(now) {
    if (!this.listener || !this.fields.holder) return;
    // A banner may have been answered since.
    if (this.given.consent) this.set("consent");
    this.last = this.draft();
    this.client?.type(this.last, { now });
  }

  /**
   * What is written now, and what is known around it.
   * @returns {Draft}
   */
  draft() {
    return draftOf(this);
  }

  /**
   * @param {Reply | null} reply
   * @param {Draft | null} draft
   */
  replied(reply, draft) {
    if (reply && this.askId && reply.ask_id !== this.askId) {
      const wished = draft?.wants_person || draft?.wants_public;
      this.now = anew();
      this.seen?.turn();
      if (wished) this.ask();
    }
    this.askId = reply?.ask_id || this.askId;
    // What was solved stays so until something else is written.
    if (this.now.solved?.text !== `${draft?.title}${draft?.body}`) this.now.solved = null;
    this.stamp();
    this.fire("reply", reply);
    const types = typesOf(reply);
    if (types.join() !== this.now.types) {
      this.now.types = types.join();
      this.fire("sensitive", { types, sensitive: reply?.sensitive || [], reply });
    }
    this.speak();
  }

  /** Write into the form what its server will want to know. */
  stamp() {
    const { triage_id, ask_id } = this.reply || {};
    this.fields.stamp({
      triage_id,
      ask_id,
      triage_session: this.session,
      triage_wants_person: this.now.wishes.person && "true",
      triage_wants_public: this.now.wishes.public && "true",
    });
  }

  /** @param {Event} event */
  sent(event) {
    const { form } = this.fields;
    if (form && event.target === form) this.submitted();
  }

  /**
   * The question is being posted: tell the service, without waiting for it.
   * @param {{question_id?: string, external_id?: string}} [named] how the forum calls it
   * @returns {{triage_id: string | null, ask_id: string | null, session: string | null}}
   */
  submitted(named = {}) {
    const { triage_id = null, ask_id = null } = this.reply || {};
    const told = { triage_id, ask_id, session: this.session };
    const draft = this.fields.form || !this.last ? this.draft() : this.last;
    this.stamp();
    if (this.told("posted") !== "server") this.client?.tell("posted", named);
    this.client?.submit(draft);
    this.fire("post", { ...told, draft });
    return told;
  }

  /** @param {string | null} threadId */
  inSight(threadId) {
    const shown = this.reply?.suggestions.find(({ thread_id }) => thread_id === threadId);
    if (!shown) return;
    const { thread_id, rank } = shown;
    this.client?.tell("shown", { thread_id, rank, visible: true });
  }

  /**
   * Tell the page.
   * @param {string} name
   * @param {any} detail
   * @returns {boolean} false: the page takes it over
   */
  fire(name, detail) {
    const how = { bubbles: true, composed: true, cancelable: true, detail };
    return this.dispatchEvent(new CustomEvent(`triage-${name}`, how));
  }

  /** Show what there is. */
  render() {
    const { words, seen, listener } = this;
    if (words && seen && listener) this.frame.render(this.scene(words), seen);
  }

  /**
   * @param {Words} words
   * @returns {Scene}
   */
  scene(words) {
    const { reply, client, now } = this;
    const asks = this.told("consent") === "ask";
    return {
      ...now,
      words,
      reply,
      draft: client?.draft || null,
      acts: this.acts,
      suggestions: (reply?.suggestions || []).filter((one) => !now.aside.has(one.thread_id)),
      consent: asks && (this.agreed ? "given" : !this.asked && "ask"),
      postable: Boolean(this.fields.form),
      follow: this.hasAttribute("follow"),
      inTab: this.told("open") === "tab",
      address: (threadId, told) => {
        const form = threadId && this.told("thread-url");
        return pageOnly(told || (form && form.replace("{id}", encodeURIComponent(threadId))));
      },
    };
  }
}

for (const name of GIVEN) {
  Object.defineProperty(TriageSuggest.prototype, name, {
    get() {
      return this.given[name];
    },
    set(value) {
      this.given[name] = value;
      this.set(name);
    },
  });
}

if (!customElements.get("triage-suggest")) customElements.define("triage-suggest", TriageSuggest);
