/**
 * Nodes on a page -> which of them a person really had in sight.
 *
 * In: nodes. Out: a call for each that was half in sight for a second, on a page that is.
 * Not here: what is told of it (element), that it is told once (client).
 */

const LONG_ENOUGH = 1_000;
const ENOUGH = 0.5;

/** Watches nodes until it is closed. */
export class Seen {
  /** @param {(node: Element) => void} tell */
  constructor(tell) {
    this.tell = tell;
    /** @type {Map<Element, ReturnType<typeof setTimeout> | undefined>} */
    this.inSight = new Map();
    this.observer = new IntersectionObserver(
      (entries) => entries.forEach((one) => this.look(one)),
      { threshold: [0, 0.25, ENOUGH, 0.75] },
    );
    this.turn = () => [...this.inSight.keys()].forEach((node) => this.time(node));
    document.addEventListener("visibilitychange", this.turn);
  }

  /** @param {Element} node */
  watch(node) {
    this.observer.observe(node);
  }

  /** @param {Element} node */
  leave(node) {
    this.observer.unobserve(node);
    this.lose(node);
  }

  close() {
    this.observer.disconnect();
    document.removeEventListener("visibilitychange", this.turn);
    [...this.inSight.keys()].forEach((node) => this.lose(node));
  }

  /**
   * A card that is higher than the window is in sight when it fills half of that.
   * @param {IntersectionObserverEntry} entry
   */
  look({ target, isIntersecting, intersectionRatio, intersectionRect }) {
    const much = intersectionRatio >= ENOUGH || intersectionRect.height >= innerHeight * ENOUGH;
    if (!isIntersecting || !much) this.lose(target);
    else if (!this.inSight.has(target)) this.time(target);
  }

  /** @param {Element} node */
  time(node) {
    clearTimeout(this.inSight.get(node));
    const hidden = document.visibilityState === "hidden";
    this.inSight.set(node, hidden ? undefined : setTimeout(() => this.tell(node), LONG_ENOUGH));
  }

  /** @param {Element} node */
  lose(node) {
    clearTimeout(this.inSight.get(node));
    this.inSight.delete(node);
  }
}
