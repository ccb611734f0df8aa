/**
 * Stands suggestions into the composer of a new topic, below its title.
 *
 * In: the component's settings, Discourse's plugin API. Out: a part of the composer.
 * Not here: what the part does (lib/assistant).
 */
import Component from "@glimmer/component";
import { modifier } from "ember-modifier";
import { apiInitializer } from "discourse/lib/api";
import { i18n } from "discourse-i18n";
import { Assistant, isSetUp } from "../lib/assistant";

export default apiInitializer((api) => {
  if (!isSetUp(settings)) {
    return;
  }
  const assistant = new Assistant(settings, (key) => i18n(themePrefix(key)));
  const composed = () => api.container.lookup("service:composer").model;

  class Suggestions extends Component {
    static shouldRender({ model }) {
      return assistant.isFor(model);
    }

    place = modifier((holder, [model]) => assistant.place(holder, model));

    follow = modifier((holder, [categoryId]) => assistant.follow(categoryId));

    <template>
      <div
        class="triage-ask"
        {{this.place @outletArgs.model}}
        {{this.follow @outletArgs.model.categoryId}}
      ></div>
    </template>
  }

  api.renderInOutlet("composer-fields", Suggestions);
  // A draft that is taken up again fires no event of its fields.
  api.onAppEvent("composer:opened", () => assistant.look());
  api.onAppEvent("topic:created", (post, model) => assistant.posted(model, post.topic_id));
  // What a moderator has to let through becomes a topic later, and says only that it was saved.
  api.onAppEvent("composer:saved", () => assistant.posted(composed()));
  api.onAppEvent("composer:cancelled", () => assistant.drop());
});
