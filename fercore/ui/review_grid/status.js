// The lines above the faces: how many are left and in view, what is saved, what waits, and what was set aside.

const DETAILS_SHOWN = 20;

class Status {
  constructor(root, words, outbox) {
    this.root = root;
    this.words = words;
    this.outbox = outbox;
    this.numbers = new Intl.NumberFormat(words.locale);
    this.find(".fc-saved").title = words.savedHint;
    this.refused = this.find(".fc-refused");
    const discard = this.refused.querySelector("button");
    discard.textContent = words.discard;
    discard.addEventListener("click", () => {
      outbox.shelf.discardRefused();
      this.drawRefused();
    });
  }

  find(selector) {
    return this.root.querySelector(selector);
  }

  number(value) {
    return this.numbers.format(value);
  }

  // Some sentences have a form for one and a form for many.
  fill(sentence, values) {
    const one = (values.count ?? values.faces) === 1;
    const text = Array.isArray(sentence) ? sentence[one ? 0 : 1] : sentence;
    return text.replace(/\{(\w+)\}/g, (all, name) => {
      const value = values[name] ?? all;
      return typeof value === "number" ? this.number(value) : value;
    });
  }

  drawSaved() {
    const { waiting: pending, stored, savedAt, late, away } = this.outbox;
    this.find("[data-testid=saved-count]").textContent = String(stored);
    this.find(".fc-saved-words").textContent = this.fill(this.words.saved, { count: stored });
    this.find(".fc-saved").dataset.state = late || away ? "late" : pending ? "saving" : "saved";
    const saving = pending && !late && !away;
    this.find(".fc-time").textContent = saving ? this.words.saving : savedAt?.toLocaleTimeString(this.words.locale) || "";
    this.drawOutage(late, away, pending);
    this.drawRefused();
  }

  // It shares the lines of the notice, whose height is fixed: what comes and goes must not move the faces.
  drawOutage(late, away, pending) {
    const waiting = this.fill(away ? this.words.kept : this.words.late, { count: pending });
    const text = late ? waiting : away ? `${waiting} ${away}` : "";
    const outage = this.find(".fc-outage");
    if (outage.textContent === text) return;
    if (!outage.textContent) this.announce(text);
    outage.textContent = text;
    outage.title = text;
  }

  drawRefused() {
    const text = this.outbox.shelf.refusedText;
    if (text === this.refusedText) return;
    this.refusedText = text;
    const entries = this.outbox.shelf.refused;
    this.refused.hidden = !entries.length;
    if (!entries.length) return;
    this.refused.querySelector("summary").textContent = this.fill(this.words.refused, { count: entries.length });
    const rows = entries.slice(-DETAILS_SHOWN).map(({ event, why }) => {
      const face = Number.isInteger(event?.face) ? ` (${this.words.face} ${event.face})` : "";
      return element("li", "", `${why || this.words.unreadable}${face}`);
    });
    this.refused.querySelector("ul").replaceChildren(...rows);
  }

  // The server counts when a page is opened; what is decided since then is counted here.
  drawPlace(place, left, sight, faces) {
    this.find(".fc-place").textContent = this.fill(this.words.place, { left, total: place.total });
    const words = sight.visible.size >= faces ? this.words.pageInView : this.words.pagePartly;
    const values = { page: place.number, visible: sight.visible.size, faces };
    this.find(".fc-page").textContent = faces ? this.fill(words, values) : "";
  }

  // A sentence that stays until the next one, and is read out, after the last one or in place of it.
  say(text, after = false) {
    this.find(".fc-notice").textContent = text;
    this.find(".fc-notice").title = text;
    this.announce(after ? `${this.find(".fc-live").textContent} ${text}`.trim() : text);
  }

  announce(text) {
    this.find(".fc-live").textContent = text;
  }
}
