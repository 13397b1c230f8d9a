// Flags and notes: remarks beside a decision. Each is an event of its own; a note is written in a dialog.

const NOTING = `
  <strong></strong>
  <p class="fc-noting-hint"></p>
  <textarea rows="5"></textarea>
  <div class="fc-noting-foot"><span class="fc-noting-left"></span>
    <button type="button" class="fc-button fc-confirm"></button><button type="button" class="fc-button"></button></div>`;

class Remarks {
  constructor(grid, back) {
    this.grid = grid;
    this.drafts = new Map(); // what was typed and not saved, by face
    this.words = grid.words.remarks;
    this.dialog = grid.find(".fc-noting");
    this.dialog.innerHTML = NOTING; // a constant: no word of a user is in it
    this.dialog.setAttribute("aria-label", this.words.title);
    this.dialog.querySelector("strong").textContent = this.words.title;
    this.dialog.querySelector(".fc-noting-hint").textContent = this.words.hint;
    this.field = this.dialog.querySelector("textarea");
    this.field.maxLength = this.words.longest;
    this.field.setAttribute("aria-label", this.words.title);
    const [save, cancel] = this.dialog.querySelectorAll("button");
    save.textContent = this.words.save;
    cancel.textContent = this.words.cancel;
    save.addEventListener("click", () => this.save());
    cancel.addEventListener("click", () => this.dialog.close());
    this.field.addEventListener("input", () => this.type());
    this.dialog.addEventListener("keydown", (event) => this.key(event));
    this.dialog.addEventListener("close", back);
    this.buildButtons(back);
  }

  buildButtons(back) {
    const [flag, note] = this.grid.root.querySelectorAll(".fc-remark-buttons button");
    flag.textContent = this.words.flag;
    note.textContent = this.words.note;
    flag.addEventListener("click", () => {
      this.grid.begin();
      this.flag();
      back();
    });
    note.addEventListener("click", () => {
      this.grid.begin();
      this.write();
    });
  }

  // A flag on each chosen face, or none where the first one has one.
  flag() {
    const { faces, selection, status, waiting } = this.grid;
    if (waiting || !faces.length) return;
    const targets = selection.targets();
    const on = !faces[targets[0]].flagged;
    this.add(targets, (face) => (face.flagged = on), (face) => ({ type: "flag", face: face.id, on }));
    const words = on ? this.words.flagged : this.words.unflagged;
    status.say(status.fill(words, { count: targets.length }));
  }

  add(targets, change, event) {
    const { faces, decisions, selection, outbox } = this.grid;
    const action = uuid();
    const before = targets.map((index) => ({ index, face: { ...faces[index] } }));
    const events = targets.map((index) => {
      change(faces[index]);
      this.grid.redraw(index);
      return { id: uuid(), action, ...event(faces[index]) };
    });
    decisions.actions.push({ action, before, events, focused: selection.focused });
    outbox.add(events);
    this.grid.focusMoved();
  }

  get index() {
    return this.grid.faces.findIndex((face) => face.id === this.faceId);
  }

  write() {
    const { faces, selection, waiting } = this.grid;
    if (waiting || !faces.length) return;
    const face = faces[selection.focused];
    this.faceId = face.id;
    this.field.value = this.drafts.get(face.id) ?? face.note ?? "";
    this.type();
    this.dialog.showModal();
    this.field.focus();
  }

  type() {
    const face = this.grid.faces[this.index];
    if (this.field.value.trim() === (face?.note ?? "")) this.drafts.delete(this.faceId);
    else this.drafts.set(this.faceId, this.field.value);
    this.dialog.querySelector(".fc-noting-left").textContent = `${this.field.value.length} / ${this.words.longest}`;
  }

  key(event) {
    event.stopPropagation(); // Streamlit binds keys, too
    if (event.target !== this.field || !event.code.endsWith("Enter") || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (!event.repeat) this.save();
  }

  save() {
    const { index } = this;
    const text = this.field.value.trim();
    this.dialog.close();
    if (index < 0) return; // another page came meanwhile: the draft is kept
    this.drafts.delete(this.faceId);
    if (text === (this.grid.faces[index].note ?? "")) return;
    this.add([index], (face) => (face.note = text), (face) => ({ type: "note", face: face.id, text }));
    this.grid.status.say(text ? this.words.noted : this.words.unnoted);
  }

  // Beside the grid: the flag, this person's note as it stands, and those of others.
  draw(face, detail) {
    const node = this.grid.find(".fc-remark-text");
    const lines = face.flagged ? [element("li", "fc-flagged", `⚑ ${this.words.isFlagged}`)] : [];
    if (face.note) lines.push(element("li", "", face.note));
    for (const { by, text } of detail?.notes ?? []) {
      const line = element("li", "", text);
      line.append(element("small", "", by));
      lines.push(line);
    }
    node.replaceChildren(...lines);
    node.hidden = !lines.length;
    this.grid.find(".fc-remark-buttons button").setAttribute("aria-pressed", String(Boolean(face.flagged)));
  }
}
