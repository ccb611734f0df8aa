/**
 * Events -> the service, each until it has been taken, however the network is.
 *
 * In: events that bear ids of their own. Out: batches to `POST /v1/events/beacon`, whose answer
 * says what was taken; where the page is hidden or left and nobody can wait for an answer, the
 * same by `sendBeacon`. What is sent twice counts once, by its id.
 * Not here: what happened (client), how it is shown.
 */

/**
 * @typedef {object} TriageEvent
 * @property {string} event_id
 * @property {string} type
 * @property {string} triage_id
 * @property {string} ask_id
 * @property {string} occurred_at
 * @property {string} session
 * @property {string} [thread_id]
 * @property {string} [question_id]
 * @property {string} [external_id]
 * @property {number} [rank]
 * @property {number | string} [value]
 * @property {boolean} [visible]
 */

/**
 * @typedef {object} QueueOptions
 * @property {string} address of `/v1/events/beacon`
 * @property {string} key
 * @property {typeof fetch} fetch
 * @property {() => number} now milliseconds
 * @property {() => string | null} load what was kept in the store, if anything may be
 * @property {(kept: string | null) => void} save
 */

/**
 * @typedef {object} Queue
 * @property {(event: TriageEvent, soon?: boolean) => void} add `soon`: within a second, not at once
 * @property {() => Promise<void>} flush sends what waits, and is done when it was answered
 * @property {() => void} leave sends what waits without an answer
 * @property {() => void} keep writes what waits into the store, or takes it out
 * @property {() => void} close
 */

/** What a browser may send in one call. */
const MOST_AT_ONCE = 50;
/** What is kept through a long time offline; the oldest give way. */
const MOST_WAITING = 500;
/** A day: what is older tells of nothing that anybody still does. */
const LONGEST_WAIT = 86_400_000;
const SOON = 1_000;
const LONGEST_SENDING = 10_000;
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;
/** However long it is told to wait: a timer of weeks goes off at once. */
const LONGEST_TOLD = 3_600_000;
/** Without an answer so often, it waits for another event or for the network to come back. */
const MOST_SENDINGS = 10;

/**
 * How long to wait after a call that failed so many times in a row, in milliseconds.
 * @param {number} failures from 1
 * @param {Response} [response] what came back, if anything did
 * @returns {number}
 */
export function pauseAfter(failures, response) {
  const when = response?.headers.get("Retry-After") || "";
  const told = Number(when) * 1000 || Date.parse(when) - Date.now();
  return told > 0
    ? Math.min(told, LONGEST_TOLD)
    : Math.min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE);
}

/**
 * Whether a call is worth making again as it is: the service was away, or had too much to do.
 * @param {number} status of its answer; 0: there was none
 * @returns {boolean}
 */
export function mayPass(status) {
  return status === 0 || status === 429 || status >= 500;
}

/**
 * @param {string | null} kept
 * @param {number} now
 * @returns {TriageEvent[]}
 */
function unsent(kept, now) {
  try {
    /** @type {TriageEvent[]} */
    const events = JSON.parse(kept || "[]");
    return events.filter((event) => now - Date.parse(event.occurred_at) < LONGEST_WAIT);
  } catch {
    // Somebody else's words under our name, or half of ours.
    return [];
  }
}

/**
 * Make a queue; what an earlier page could not send waits in it already.
 * @param {QueueOptions} options
 * @returns {Queue}
 */
export function createQueue({ address, key, fetch, now, load, save }) {
  /** @type {TriageEvent[]} */
  let waiting = unsent(load(), now());
  /** @type {Promise<void> | null} */
  let sending = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let due = Infinity;
  let rests = 0;
  let failures = 0;
  /** What was sent without an answer; hiding and leaving often come together. */
  let left = /** @type {TriageEvent[]} */ ([]);

  const listening = new AbortController();
  const { signal } = listening;
  const body = (/** @type {TriageEvent[]} */ events) => JSON.stringify({ key, events });
  const keep = () => save(waiting.length ? JSON.stringify(waiting) : null);

  /** @param {number} pause from now, in milliseconds */
  function after(pause) {
    const at = Math.max(now() + pause, rests);
    if (at >= due) return;
    clearTimeout(timer);
    due = at;
    timer = setTimeout(flush, at - now());
  }

  /** @param {TriageEvent[]} batch */
  async function send(batch) {
    // Text as it is, so that no browser has to ask beforehand whether it may.
    /** @type {Response | undefined} */
    let response;
    try {
      response = await fetch(address, {
        method: "POST",
        body: body(batch),
        credentials: "omit",
        keepalive: true,
        signal: AbortSignal.timeout(LONGEST_SENDING),
      });
    } catch {
      // No answer: it waits.
    }
    if (!response?.ok && mayPass(response?.status ?? 0)) {
      failures += 1;
      rests = now() + pauseAfter(failures, response);
      return false;
    }
    // Taken, or refused for good: neither is told again.
    failures = 0;
    const gone = new Set(batch.map((event) => event.event_id));
    waiting = waiting.filter((event) => !gone.has(event.event_id));
    keep();
    return true;
  }

  async function sendAll() {
    while (waiting.length && (await send(waiting.slice(0, MOST_AT_ONCE)))) {
      // One batch after the other.
    }
    sending = null;
    if (waiting.length && failures < MOST_SENDINGS) after(0);
  }

  /** @returns {Promise<void>} */
  function flush() {
    clearTimeout(timer);
    due = Infinity;
    if (sending) return sending;
    if (!waiting.length || globalThis.navigator?.onLine === false) return Promise.resolve();
    if (now() < rests) {
      after(0);
      return Promise.resolve();
    }
    sending = sendAll();
    return sending;
  }

  function leave() {
    if (left === waiting) return;
    left = waiting;
    for (let at = 0; at < waiting.length; at += MOST_AT_ONCE) {
      // They stay here: whether they arrived is not known before somebody answers.
      const batch = body(waiting.slice(at, at + MOST_AT_ONCE));
      if (!globalThis.navigator?.sendBeacon?.(address, batch)) left = [];
    }
  }

  function back() {
    failures = rests = 0;
    flush();
  }

  function turned() {
    if (document.visibilityState === "hidden") leave();
    else flush();
  }

  globalThis.addEventListener?.("online", back, { signal });
  globalThis.addEventListener?.("pagehide", leave, { signal });
  globalThis.document?.addEventListener("visibilitychange", turned, { signal });
  if (waiting.length) after(SOON);

  return {
    add(event, soon) {
      waiting = [...waiting, event].slice(-MOST_WAITING);
      keep();
      failures = Math.min(failures, MOST_SENDINGS - 1);
      after(soon ? SOON : 0);
    },
    flush,
    leave,
    keep,
    close() {
      clearTimeout(timer);
      leave();
      listening.abort();
    },
  };
}
