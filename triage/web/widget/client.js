/**
 * A draft as it grows -> replies of the service, and events about them; nothing that is seen.
 *
 * In: drafts, and what people did. Out: the reply to the newest draft, a state, events. Whatever
 * the service does, nothing here throws, waits for long or keeps anybody from posting.
 * Not here: fields and forms (fields), what people see (view), how events arrive (queue).
 */

import { createQueue, mayPass, pauseAfter } from "./queue.js";

/**
 * @typedef {object} Draft
 * @property {string} title
 * @property {string} body
 * @property {string} [lang]
 * @property {string} [product]
 * @property {string} [version]
 * @property {{page?: string, form?: string, record_type?: string, error_text?: string}} [context]
 * @property {number} [customer_severity] 1 to 4, 1 is worst
 * @property {{name: string, type?: string, text?: string}[]} [attachments]
 * @property {boolean} [wants_person]
 * @property {boolean} [wants_public]
 */

/**
 * @typedef {object} Suggestion
 * @property {string} thread_id
 * @property {string | null} answer_id
 * @property {string} title
 * @property {string} snippet
 * @property {string | null} url
 * @property {string | null} lang
 * @property {number} rank
 * @property {number} probability
 * @property {boolean} solved
 * @property {boolean} staff
 * @property {"fits" | "other_product" | "other_version" | "outdated" | "unknown"} applicability
 * @property {{code: string, params: Record<string, string | number>, text: string}[]} reasons
 * @property {Record<string, any> | null} trust
 */

/**
 * @typedef {object} Reply what `POST /v1/triage` replies; the rest is in docs/api.md
 * @property {string} triage_id
 * @property {string} ask_id
 * @property {Suggestion[]} suggestions
 * @property {"community" | "expert"} destination
 * @property {"public" | "group" | "private"} visibility
 * @property {boolean} public_allowed
 * @property {{code: string, params: Record<string, string | number>, text: string}[]} reasons
 * @property {{thread_id: string, followers: number}[]} same_question
 * @property {Record<string, any>[]} known_issues
 * @property {number} also_affected
 * @property {{code: string, text: string}[]} missing
 * @property {{type: string, field: string, start: number, end: number}[]} sensitive
 * @property {string | null} handover_url
 * @property {number | null} expected_seconds
 */

/** @typedef {"idle" | "asking" | "ready" | "slow" | "offline" | "refused"} State */
/** @typedef {{status: number, code: string, detail: string}} Problem */
/** @typedef {string | null | undefined | (() => string | null | Promise<string | null>)} Token */

/**
 * @typedef {object} About what an event is about
 * @property {string} [thread_id]
 * @property {string} [question_id]
 * @property {string} [external_id] the forum's own name of what was posted
 * @property {number} [rank]
 * @property {number | string} [value]
 * @property {boolean} [visible]
 */

/**
 * @typedef {object} Options
 * @property {string} key a publishable key, `pk_…`
 * @property {string} [base] the address of the service; without it, where this file came from
 * @property {Token} [token] what the forum's server signed for whoever asks, or how to come by it
 * @property {string} [session] what this visit is known by; without it, a random one
 * @property {() => boolean} [consent] whether anything may be kept in `store`
 * @property {Storage} [store] `sessionStorage` unless told otherwise
 * @property {typeof fetch} [fetch]
 * @property {() => number} [now] milliseconds
 */

/**
 * @typedef {object} Triage
 * @property {Reply | null} reply the newest
 * @property {Draft | null} draft what the newest reply is about
 * @property {State} state
 * @property {string} session
 * @property {(draft: Draft, how?: {now?: boolean}) => void} type asks once nothing is typed for a
 *   moment, or now
 * @property {(draft: Draft) => Promise<Reply | null>} submit tells that it is posted; never rejects
 * @property {(type: string, about?: About, reply?: Reply | null) => string | null} tell the id of
 *   the event; null where there is no reply that it could be about
 * @property {(fn: (reply: Reply | null, draft: Draft | null) => void) => () => void} onReply
 * @property {(fn: (state: State, problem: Problem | null) => void) => () => void} onState
 * @property {(token: Token) => void} setToken
 * @property {() => Promise<void>} flush sends the events that wait
 * @property {() => void} grant keeps session and unsent events in the store from now on
 * @property {() => void} withdraw takes them out of it
 * @property {() => void} close
 */

const PAUSE = 150;
const LONGEST_CALL = 5_000;
/** So often it asks again by itself for what nobody has typed on. */
const MOST_TRIES = 5;
/** A key that is refused once is refused at the next letter, too. */
const AFTER_REFUSAL = 30_000;
const LEAST_LETTERS = 4;
/** Browsers take 64 kB along when a page is left; a letter may be three bytes. */
const MOST_KEPT_ALIVE = 20_000;
const SESSION = "triage.session";
const EVENTS = "triage.events";
/**
 * What counts once, whichever client of the page is told of it, and how often.
 * @type {Set<string>}
 */
const counted = new Set();

/** @returns {string} 128 random bits */
function random() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}

/**
 * What reads a name in a store, writes it, or with null takes it out. A frame may be denied its
 * storage, and a full one takes nothing more: then nothing is kept.
 * @param {() => Storage} open
 * @returns {(name: string, value?: string | null) => string | null}
 */
export function shelf(open) {
  return (name, value) => {
    try {
      const store = open();
      if (value === undefined) return store.getItem(name);
      if (value === null) store.removeItem(name);
      else store.setItem(name, value);
    } catch {
      // As if there were none.
    }
    return null;
  };
}

/**
 * @template F
 * @param {Set<F>} all
 * @returns {(fn: F) => () => void} adds one, and gives what takes it off again
 */
function adding(all) {
  return (fn) => {
    all.add(fn);
    return () => void all.delete(fn);
  };
}

/**
 * Tell all who listen; one who fails keeps nobody else from hearing.
 * @template One, Other
 * @param {Set<(one: One, other: Other) => void>} all
 * @param {One} one
 * @param {Other} other
 */
function tellAll(all, one, other) {
  for (const fn of all) {
    try {
      fn(one, other);
    } catch (fault) {
      reportError(fault);
    }
  }
}

/**
 * The service that this file came from, at whichever prefix.
 * @returns {string}
 */
export function homeOf() {
  return new URL("..", import.meta.url).href;
}

/**
 * Speak with the service for one form of one page.
 * @param {Options} options
 * @returns {Triage}
 */
export function createTriage(options) {
  const { key, now = Date.now, consent = () => false } = options;
  const send = options.fetch || fetch;
  const base = (options.base || homeOf()).replace(/\/+$/, "");
  const kept = shelf(() => options.store || sessionStorage);
  /** @type {Set<(reply: Reply | null, draft: Draft | null) => void>} */
  const replies = new Set();
  /** @type {Set<(state: State, problem: Problem | null) => void>} */
  const states = new Set();

  let granted = Boolean(consent());
  let token = options.token;
  /**
   * What the token is at present; undefined: it was not asked for yet.
   * @type {string | null | undefined}
   */
  let signed;
  /** The draft that is to be asked for next, or was last. */
  let wanted = "";
  /** @type {AbortController | null} */
  let running = null;
  /** Whether that tells of what is posted, which nothing that comes after it breaks off. */
  let posting = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let rests = 0;
  let failures = 0;

  const session = options.session || (granted && kept(SESSION)) || random();
  const queue = createQueue({
    address: `${base}/v1/events/beacon`,
    key,
    fetch: send,
    now,
    load: () => (granted ? kept(EVENTS) : null),
    save: (events) => granted && kept(EVENTS, events),
  });
  if (granted) kept(SESSION, session);

  /**
   * @param {State} next
   * @param {Problem | null} [problem]
   */
  function become(next, problem = null) {
    if (next === triage.state && !problem) return;
    triage.state = next;
    tellAll(states, next, problem);
  }

  /**
   * @param {Reply | null} found
   * @param {Draft | null} draft
   */
  function answer(found, draft) {
    triage.reply = found;
    triage.draft = draft;
    tellAll(replies, found, draft);
  }

  /** The token to send, asked for where it is not at hand; none is never a reason to fail. */
  async function tokenNow() {
    while (signed === undefined) {
      const from = token;
      /** @type {string | null | undefined} */
      let found;
      try {
        found = typeof from === "function" ? await from() : from;
      } catch {
        // As if there were none.
      }
      // Somebody else may have signed in while it was asked for.
      if (from === token) signed = found || null;
    }
    return signed;
  }

  /**
   * One call, and once more where only the token had run out.
   * @param {Draft} draft
   * @param {"typing" | "submit"} stage
   * @param {AbortSignal} signal
   * @returns {Promise<Response>}
   */
  async function call(draft, stage, signal) {
    const body = JSON.stringify({ ...draft, session, stage });
    for (let again = false; ; again = true) {
      const brought = await tokenNow();
      const response = await send(`${base}/v1/triage`, {
        method: "POST",
        headers: {
          Authorization: `Bearer ${key}`,
          "Content-Type": "application/json",
          ...(brought && { "Triage-Visitor": brought }),
        },
        body,
        credentials: "omit",
        keepalive: stage === "submit" && body.length < MOST_KEPT_ALIVE,
        signal,
      });
      if (response.status !== 401 || !brought) return response;
      const { code } = await response.clone().json().catch(() => ({}));
      if (code !== "bad_visitor") return response;
      // One that was asked for may be had anew, once; whoever has none goes on as anybody.
      signed = undefined;
      if (again || typeof token !== "function") token = null;
    }
  }

  /**
   * @param {Response | undefined} response
   * @param {Problem} problem
   * @param {boolean} again whether the newest draft is worth asking for once more
   */
  function fail(response, problem, again) {
    const { status, code } = problem;
    failures += 1;
    const refused = status === 401 || status === 403;
    rests = now() + (refused ? AFTER_REFUSAL : pauseAfter(failures, response));
    const away = mayPass(status) && status !== 429;
    become(code === "timeout" ? "slow" : away ? "offline" : "refused", problem);
    if (again && mayPass(status) && failures <= MOST_TRIES) ask();
  }

  /**
   * What was running has nothing to say any more.
   * @param {AbortController | null} mine
   * @param {boolean} [posted]
   */
  function overtake(mine, posted = false) {
    if (!posting) running?.abort();
    running = mine;
    posting = posted;
  }

  /** Stop whatever is asked or about to be. */
  function halt() {
    clearTimeout(timer);
    timer = undefined;
    overtake(null);
  }

  /** Ask for the newest draft, as soon as that may be done. */
  function ask(pause = 0) {
    clearTimeout(timer);
    timer = setTimeout(askNow, Math.max(pause, rests - now()));
  }

  async function askNow() {
    timer = undefined;
    if (globalThis.navigator?.onLine === false) {
      become("offline");
      return;
    }
    const text = wanted;
    const mine = new AbortController();
    overtake(mine);
    become("asking");
    await attempt(JSON.parse(text), "typing", mine);
  }

  /**
   * @param {Draft} draft
   * @param {"typing" | "submit"} stage
   * @param {AbortController} mine
   * @returns {Promise<Reply | null>}
   */
  async function attempt(draft, stage, mine) {
    let late = false;
    const limit = setTimeout(() => {
      late = true;
      mine.abort();
    }, LONGEST_CALL);
    /** @type {Response | undefined} */
    let response;
    /** @type {any} */
    let told = null;
    try {
      response = await Promise.race([call(draft, stage, mine.signal), aborted(mine.signal)]);
      told = await response.json();
    } catch {
      // No answer, or none that can be read.
    }
    clearTimeout(limit);
    // Whoever was overtaken has nothing to say.
    if (mine !== running) return null;
    running = null;
    if (response?.ok && told) {
      failures = rests = 0;
      answer(told, draft);
      become("ready");
      return told;
    }
    const status = late || response?.ok ? 0 : (response?.status ?? 0);
    const code = told?.code ?? (late ? "timeout" : "network");
    fail(response, { status, code, detail: told?.detail ?? "" }, stage === "typing");
    return null;
  }

  function back() {
    if (triage.state === "offline") {
      failures = rests = 0;
      ask();
    }
  }

  /** @type {Triage} */
  const triage = {
    reply: null,
    draft: null,
    state: "idle",
    session,
    onReply: adding(replies),
    onState: adding(states),
    flush: queue.flush,

    type(draft, how) {
      const text = JSON.stringify(draft);
      if (text === wanted) {
        // Nothing new, but somebody may not want to wait for the pause.
        if (how?.now && timer) ask();
        return;
      }
      wanted = text;
      failures = Math.min(failures, MOST_TRIES);
      if (`${draft.title || ""}${draft.body || ""}`.trim().length < LEAST_LETTERS) {
        halt();
        if (triage.reply) answer(null, draft);
        become("idle");
        return;
      }
      ask(how?.now ? 0 : PAUSE);
    },

    async submit(draft) {
      halt();
      wanted = JSON.stringify(draft);
      const mine = new AbortController();
      overtake(mine, true);
      return attempt(draft, "submit", mine);
    },

    tell(type, about = {}, of = triage.reply) {
      if (!of) return null;
      const { triage_id, ask_id } = of;
      if (type === "shown" || type === "posted") {
        const what = [type, ask_id, about.thread_id, about.question_id, about.external_id].join();
        if (counted.has(what)) return null;
        counted.add(what);
      }
      const event_id = random();
      const occurred_at = new Date(now()).toISOString();
      queue.add(
        { ...about, event_id, type, triage_id, ask_id, session, occurred_at },
        type === "shown",
      );
      return event_id;
    },

    setToken(next) {
      token = next;
      signed = undefined;
    },

    grant() {
      granted = true;
      kept(SESSION, session);
      queue.keep();
    },

    withdraw() {
      granted = false;
      kept(SESSION, null);
      kept(EVENTS, null);
    },

    close() {
      halt();
      globalThis.removeEventListener?.("online", back);
      queue.close();
    },
  };
  globalThis.addEventListener?.("online", back);
  return triage;
}

/**
 * @param {AbortSignal} signal
 * @returns {Promise<never>} that fails when the call is given up, whatever the call waits for
 */
function aborted(signal) {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });
}
