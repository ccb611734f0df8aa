/**
 * As much of Discourse as a theme component meets in the composer: the plugin API's names, one outlet,
 * the model of what is written, the elements with their ids and classes, and when each comes and goes.
 *
 * In: the component, as it stands in the repository. Out: a page on which a topic can be written.
 * Not here: Ember. A template is one element with modifiers; what a modifier is given is looked at
 * again whenever the model changes.
 */

export default class Component {
  constructor(outletArgs) {
    this.args = { outletArgs };
  }
}
export const modifier = (act) => act;
export const apiInitializer = (act) => ({ initialize: () => act(api) });
export const i18n = (key) => document.getElementById("words").dataset[key.split(".").at(-1)];

const listeners = new Map();
const parts = new Map();
const api = {
  container: { lookup: (name) => (name === "service:composer" ? composer : null) },
  onAppEvent(name, act) {
    listeners.set(name, [...(listeners.get(name) ?? []), act]);
  },
  renderInOutlet(name, part) {
    parts.set(name, [...(parts.get(name) ?? []), part]);
  },
};

function trigger(name, ...told) {
  for (const act of listeners.get(name) ?? []) act(...told);
}

class Model {
  title = "";
  reply = "";
  categoryId = null;
  archetypeId = "regular";
  targetRecipients = undefined;
  composeState = "open";

  constructor(given) {
    Object.assign(this, given);
  }

  get creatingTopic() {
    return this.action === "createTopic";
  }

  get creatingPrivateMessage() {
    return this.action === "privateMessage";
  }

  setProperties(given) {
    Object.assign(this, given);
    composer.render();
  }

  async save() {
    this.setProperties({ composeState: "saving" });
    const post = {
      raw: this.reply,
      title: this.title,
      archetype: this.archetypeId,
      category: this.categoryId,
      target_recipients: this.targetRecipients,
    };
    const response = await fetch("/posts", { method: "POST", body: JSON.stringify(post) });
    if (!response.ok) {
      this.setProperties({ composeState: "open" });
      return false;
    }
    const { action, topic_id } = await response.json();
    if (action === "enqueued") {
      this.setProperties({ composeState: "closed" });
      return true;
    }
    const created = { ...post, topic_id };
    this.setProperties({ composeState: "closed" });
    this.setProperties({ reply: null, title: null });
    if (this.action === "reply") trigger("post:created", created);
    else trigger("topic:created", created, this);
    return true;
  }
}

const composer = {
  model: null,
  rich: false,
  drafts: 0,

  open(given = {}) {
    this.drafts += 1;
    const usual = { action: "createTopic", draftKey: `new_topic_${this.drafts}` };
    this.model = new Model({ ...usual, ...given });
    this.render();
    trigger("composer:opened");
  },

  fold() {
    this.model.setProperties({ composeState: "draft" });
  },

  unfold() {
    this.model.setProperties({ composeState: "open" });
    trigger("composer:opened");
  },

  cancel() {
    trigger("composer:cancelled");
    this.model.setProperties({ composeState: "closed", reply: null, title: null });
  },

  async save() {
    if (await this.model.save()) {
      trigger("composer:saved");
      this.model.setProperties({ composeState: "closed" });
    }
  },

  switchEditor() {
    this.rich = !this.rich;
    area.querySelector(".d-editor-input")?.replaceWith(this.editor());
  },

  editor() {
    const made = document.createElement(this.rich ? "div" : "textarea");
    made.className = this.rich ? "ProseMirror d-editor-input" : "d-editor-input";
    made.setAttribute("aria-label", "Type here");
    if (this.rich) {
      Object.assign(made, { contentEditable: "true", role: "textbox" });
      made.append(...this.model.reply.split("\n").map(paragraph));
    } else {
      made.value = this.model.reply;
    }
    made.addEventListener("input", () => {
      this.model.reply = this.rich ? made.innerText : made.value;
    });
    return made;
  },

  render() {
    const open = this.model.composeState === "open";
    if (!open) empty();
    else if (!area.firstElementChild) fill(this.model);
    if (open) outlet(this.model);
    document.querySelector("#state").textContent = `${this.model.composeState} ${this.model.action}`;
  },
};

const area = document.getElementById("reply-control");

function paragraph(line) {
  return Object.assign(document.createElement("p"), { textContent: line });
}

function fill(model) {
  area.append(document.getElementById("reply-area").content.cloneNode(true));
  const title = area.querySelector("#reply-title");
  title.value = model.title;
  title.addEventListener("input", () => (model.title = title.value));
  area.querySelector(".d-editor-textarea-wrapper").append(composer.editor());
  const category = area.querySelector(".category-chooser");
  category.value = model.categoryId ?? "";
  category.addEventListener("change", () =>
    model.setProperties({ categoryId: Number(category.value) || null })
  );
  area.querySelector(".create").addEventListener("click", () => composer.save());
  area.querySelector(".toggler").addEventListener("click", () => composer.fold());
}

/** What stands in the outlet now: of each component, its element and its modifiers. */
let standing = new Map();

function empty() {
  for (const one of standing.values()) one.remove();
  standing = new Map();
  area.replaceChildren();
}

function outlet(model) {
  const args = { model };
  for (const part of parts.get("composer-fields") ?? []) {
    const wanted = part.shouldRender?.(args) ?? true;
    if (!wanted) {
      standing.get(part)?.remove();
      standing.delete(part);
    } else if (standing.has(part)) {
      standing.get(part).look();
    } else {
      standing.set(part, stand(part, args));
    }
  }
}

/** Make a component's template, and run its modifiers as Ember does: in, on a change, out. */
function stand(part, args) {
  const component = new part(args);
  const calls = [...part.template.matchAll(/\{\{this\.(\w+)([^}]*)\}\}/g)];
  const shell = document.createElement("template");
  shell.innerHTML = part.template.replace(/\{\{[^}]*\}\}/g, "").trim();
  const element = shell.content.firstElementChild;
  area.querySelector(".composer-fields .outlet").append(element);
  const running = calls.map(([, name, given]) => {
    const paths = given.trim().split(/\s+/).filter(Boolean);
    return { act: component[name], paths, seen: null, end: null };
  });
  const valueOf = (path) =>
    path.replace("@outletArgs.", "").split(".").reduce((value, name) => value?.[name], args);
  const look = () => {
    for (const one of running) {
      const now = one.paths.map(valueOf);
      if (one.seen?.every((value, n) => value === now[n])) continue;
      one.end?.();
      one.seen = now;
      one.end = one.act(element, now);
    }
  };
  look();
  return {
    look,
    remove() {
      for (const one of running) one.end?.();
      element.remove();
    },
  };
}

document.getElementById("create-topic").addEventListener("click", () => composer.open());
document.getElementById("unfold").addEventListener("click", () => composer.unfold());
window.composer = composer;
