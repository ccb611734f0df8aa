/**
 * What a person does in the element -> events of the service, DOM events, another scene.
 *
 * In: the element. Out: its acts. Each is over at once; none waits for the service.
 * Not here: what happens in the form (element), nodes (frame).
 */

/** @typedef {import("./cards.js").Acts} Acts */
/** @typedef {import("./client.js").Reply} Reply */
/** @typedef {import("./element.js").TriageSuggest} TriageSuggest */

/**
 * @param {TriageSuggest} host
 * @returns {Acts}
 */
export function actsOf(host) {
  const { frame, fields } = host;
  const { panel, shadow } = frame;
  /** @param {string} selector */
  const focus = (selector) => {
    /** @type {HTMLElement} */ (shadow.querySelector(selector) || frame.title).focus();
  };
  /**
   * @param {string} type
   * @param {{thread_id?: string | null, rank?: number}} about
   * @param {Reply | null} reply
   */
  const tell = (type, { thread_id, rank }, reply) =>
    host.client?.tell(type, { thread_id: thread_id || undefined, rank }, reply);

  return {
    open(suggestion, reply, inTab) {
      const { thread_id, rank, url } = suggestion;
      tell("opened", suggestion, reply);
      const ours = host.fire("open", { thread_id, rank, url, reply });
      if (ours && !inTab && host.words) {
        panel.open(suggestion, { ...host.scene(host.words), reply });
      }
      return ours;
    },

    solved(thread_id, rank, reply) {
      tell("solved", { thread_id, rank }, reply);
      const { title, body } = host.draft();
      host.now.solved = { thread_id, rank, reply, text: title + body };
      host.now.help = false;
      panel.close();
      host.render();
      focus(".solved h3");
      host.fire("solved", { thread_id, reply });
    },

    notMine(suggestion, reply) {
      const { thread_id } = suggestion;
      tell("not_solved", suggestion, reply);
      panel.close();
      const items = [...frame.boxes.list.children];
      const place = items.findIndex((item) => item.getAttribute("data-thread") === thread_id);
      const near = items[place + 1] || items[place - 1];
      host.now.aside.add(thread_id);
      host.render();
      /** @type {HTMLElement} */ (near?.querySelector(".card-title") || frame.title).focus();
    },

    notSolved() {
      if (host.now.solved) tell("not_solved", host.now.solved, host.now.solved.reply);
      host.now.solved = null;
      host.render();
      frame.title.focus();
    },

    follow(thread_id, reply) {
      tell("followed", { thread_id }, reply);
      host.now.followed.add(thread_id);
      host.render();
      host.fire("follow", { thread_id, reply });
    },

    redact() {
      const { reply, draft } = host.client || {};
      if (!reply || !draft) return;
      const field = fields.redact(draft, reply.sensitive);
      if (!field) return;
      /** @type {HTMLElement} */ (/** @type {Element} */ (field)).focus();
      frame.status.textContent = host.words?.say("sensitive.taken") || "";
    },

    add(code, asked, said) {
      fields.add(code === "ask_version" ? "version" : "body", asked, said);
      frame.title.focus();
    },

    help() {
      if (!host.now.help) tell("still_need_help", {}, host.reply);
      if (!host.fire("need-help", { reply: host.reply })) return;
      host.now.help = true;
      host.now.solved = null;
      panel.close();
      host.render();
      focus(".help [data-act=post]");
    },

    unfold() {
      host.now.help = false;
      host.render();
      focus(".card-title");
    },

    post() {
      const { form } = fields;
      const all = /** @type {HTMLInputElement[]} */ ([...(form?.elements || [])]);
      form?.requestSubmit(all.find(({ type }) => type === "submit"));
    },

    wish(wish, on) {
      host.now.wishes[wish] = on;
      host.stamp();
      host.ask();
    },

    remember(yes) {
      host.agreed = yes;
      host.asked = true;
      if (yes) host.client?.grant();
      else host.client?.withdraw();
      host.render();
    },
  };
}
