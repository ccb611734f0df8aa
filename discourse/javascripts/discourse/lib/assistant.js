/**
 * A composer, settings -> <triage-suggest> in it, told what became of the draft.
 *
 * In: the element that it stands in, and Discourse's model of the composer. Out: attributes and calls
 * of the widget, a private message instead of a topic where the person wants one.
 * Not here: Discourse's plugin API (api-initializers), what the widget shows.
 */

const TAG = "triage-suggest";
const COMPOSER = "reply-control";
const FIELDS = { title: "#reply-title", body: ".d-editor-input" };

/**
 * Say whether there is a service to ask, and a key to ask it with.
 *
 * @param {object} settings those of the component
 * @returns {boolean}
 */
export function isSetUp(settings) {
  return Boolean(settings.script_address && settings.publishable_key);
}

/** The widget of one composer. There is one composer in a Discourse page, however often it opens. */
export class Assistant {
  /**
   * What the person is writing now. `topic` is what it was before it became a message to experts, and
   * `insists` that it is to be a topic whatever is in it.
   * @type {{draftKey: string, element: HTMLElement, topic: object|null, insists: boolean}|null}
   */
  #open = null;
  #settings;
  #say;
  /** @type {HTMLElement|null} what is said of a draft that should not be public */
  #note = null;
  #product = "";

  /**
   * @param {object} settings those of the component
   * @param {(key: string) => string} say gives the component's words in the reader's language
   */
  constructor(settings, say) {
    this.#settings = settings;
    this.#say = say;
  }

  /**
   * Say whether what is composed is a question that suggestions are for.
   *
   * @param {object} model
   * @returns {boolean}
   */
  isFor(model) {
    if (!model?.creatingTopic) {
      return this.#isOurMessage(model);
    }
    const named = ids(this.#settings.categories);
    return named.length === 0 || named.includes(Number(model.categoryId));
  }

  /**
   * Put the widget of this draft into the composer. Folded and unfolded, or after a failed save, it
   * is the same one, so that its session and what it found stay.
   *
   * @param {HTMLElement} holder
   * @param {object} model
   * @returns {() => void} takes it out again
   */
  place(holder, model) {
    load(this.#settings);
    if (this.#open?.draftKey !== model.draftKey) {
      const made = { element: this.#make(), topic: null, insists: false };
      this.#open = { draftKey: model.draftKey, ...made };
    }
    const { element } = this.#open;
    this.#note = null;
    this.#tellProduct();
    holder.replaceChildren(element);
    const hear = () => this.#keepPrivate(holder, model);
    element.addEventListener("triage-reply", hear);
    // Nothing of the model may be changed while it is being drawn.
    queueMicrotask(hear);
    this.look();
    return () => {
      element.removeEventListener("triage-reply", hear);
      element.remove();
    };
  }

  /**
   * Say of which product the question is, from the category that was chosen.
   *
   * @param {number|null} categoryId
   */
  follow(categoryId) {
    if (this.#open?.topic) {
      return; // a message has no category; what it is about is what it was
    }
    const found = this.#settings.products.find((one) =>
      (one.categories ?? []).map(Number).includes(Number(categoryId))
    );
    this.#product = found?.product ?? "";
    this.#tellProduct();
  }

  /** Have the fields read now: what Discourse writes into them fires no event. */
  look() {
    const { element } = this.#open ?? {};
    if (element) {
      customElements.whenDefined(TAG).then(() => element.isConnected && element.ask());
    }
  }

  /**
   * Tell that the draft was posted, once.
   *
   * @param {object} model the composer's, which keeps the draft's key after it is emptied
   * @param {number} [topicId] what it became, where it is there already
   */
  posted(model, topicId) {
    const { draftKey, element } = this.#open ?? {};
    if (!element || model?.draftKey !== draftKey) {
      return;
    }
    this.drop();
    // Without the widget's script (blocked, or the service away) there is nobody to tell.
    element.submitted?.(topicId ? { external_id: String(topicId) } : {});
  }

  /** Forget the draft: the next one is another ask. */
  drop() {
    this.#open?.element.remove();
    this.#open = null;
  }

  #tellProduct() {
    const element = this.#open?.element;
    if (this.#product) {
      element?.setAttribute("product", this.#product);
    } else {
      element?.removeAttribute("product");
    }
  }

  #make() {
    const settings = this.#settings;
    const element = document.createElement(TAG);
    const attributes = {
      for: COMPOSER,
      key: settings.publishable_key,
      "title-field": FIELDS.title,
      "body-field": FIELDS.body,
      open: settings.open_in,
      "data-page": location.pathname,
      "data-form": "discourse-composer",
    };
    if (settings.ask_to_remember) {
      attributes.consent = "ask";
    }
    for (const [name, value] of Object.entries(attributes)) {
      element.setAttribute(name, value);
    }
    if (settings.token_address) {
      element.token = () => signed(settings.token_address);
    }
    return element;
  }

  /** Whether a topic was made a message here, and still is one. */
  #isOurMessage(model) {
    const open = this.#open;
    return Boolean(open?.topic) && model?.draftKey === open.draftKey && model.creatingPrivateMessage;
  }

  /** Have a draft that should not be public go to the experts, and say where it goes. */
  #keepPrivate(holder, model) {
    const open = this.#open;
    if (!open || open.draftKey !== model.draftKey) {
      return;
    }
    const { reply } = open.element;
    // While nothing is known of it, what was private stays so: it may be taken up again just now.
    const isPrivate = reply ? reply.visibility === "private" : Boolean(open.topic);
    const group = this.#settings.experts_group;
    // What is noted comes before what is drawn anew by it.
    if (group && isPrivate && !open.insists) {
      if (!open.topic) {
        open.topic = routeOf(model);
        model.setProperties(messageTo(group));
      }
    } else if (open.topic) {
      const { topic } = open;
      open.topic = null;
      model.setProperties(topic);
    }
    this.#note?.remove();
    this.#note = isPrivate ? this.#makeNote(holder, model) : null;
    if (this.#note) {
      holder.prepend(this.#note);
    }
  }

  #makeNote(holder, model) {
    const open = this.#open;
    const note = document.createElement("div");
    note.className = "triage-ask__private";
    note.setAttribute("role", "status");
    const words = document.createElement("p");
    words.textContent = this.#say(open.topic ? "private.message" : "private.warning");
    note.append(words);
    if (this.#settings.experts_group) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-default";
      button.textContent = this.#say(open.topic ? "private.topic" : "private.send");
      button.addEventListener("click", () => {
        open.insists = !open.insists;
        this.#keepPrivate(holder, model);
        this.#note?.querySelector("button")?.focus();
      });
      note.append(button);
    }
    return note;
  }
}

/** What a composer's model says of where the text goes. */
function routeOf({ action, archetypeId, targetRecipients, hasTargetGroups, categoryId }) {
  return { action, archetypeId, targetRecipients, hasTargetGroups, categoryId };
}

/** The same for a private message to a group. The category comes last: a message has none. */
function messageTo(group) {
  return {
    action: "privateMessage",
    archetypeId: "private_message",
    targetRecipients: group,
    hasTargetGroups: true,
    categoryId: null,
  };
}

/** Load the widget's script, once. A script that a script makes is let in by 'strict-dynamic'. */
function load({ script_address: address, script_integrity: integrity }) {
  if (customElements.get(TAG) || document.querySelector("script[data-triage]")) {
    return;
  }
  const script = document.createElement("script");
  script.type = "module";
  script.crossOrigin = "anonymous";
  script.dataset.triage = "";
  if (integrity) {
    script.integrity = integrity;
  }
  script.src = address;
  document.head.append(script);
}

/** Fetch a token for whoever is signed in, from the address that the forum's company keeps. */
async function signed(address) {
  const reply = await fetch(address, { credentials: "include", cache: "no-store" });
  return reply.ok ? (await reply.text()).trim() || null : null;
}

/** Read a list of Discourse's settings, which is a text with bars. */
function ids(list) {
  return String(list ?? "")
    .split("|")
    .filter(Boolean)
    .map(Number);
}
