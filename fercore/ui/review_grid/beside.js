// The details panel: facts, history and neighbours of the focused face, and its crop repair.

class Beside {
  constructor(grid, back) {
    this.grid = grid;
    this.details = new Map();
    this.aside = grid.find(".fc-aside");
    grid.find(".fc-context").alt = grid.words.context;
    const { cutter } = grid.words;
    this.cutter = new Cutter(grid.find(".fc-cutter"), cutter, {
      cut: (face, box, emotion) => this.cut(face, box, emotion),
      left: back,
      refused: (why) => grid.status.say(why),
    });
    const [anew, added] = grid.root.querySelectorAll(".fc-recut button");
    anew.textContent = cutter.button;
    anew.addEventListener("click", () => this.openCutter());
    added.textContent = cutter.adding.button;
    added.addEventListener("click", () => this.openCutter(true));
  }

  get face() {
    return this.grid.faces[this.grid.selection.focused];
  }

  learn(detail) {
    this.details.set(detail.id, detail);
  }

  forget(id) {
    if (id === undefined) this.details.clear();
    else this.details.delete(id);
  }

  ask() {
    if (this.face && !this.details.has(this.face.id)) this.grid.outbox.ask({ focus: this.face.id });
  }

  draw() {
    const { face } = this;
    if (!face) return;
    const { words, appearance, faces, selection } = this.grid;
    const detail = this.details.get(face.id);
    drawDetail(this.aside, face, detail, words, appearance.lifted);
    this.grid.remarks.draw(face, detail);
    drawNeighbours(this.aside, detail, words, appearance.lifted, (id) => {
      const index = faces.findIndex((one) => one.id === id); // one that lies on this page gets the focus
      if (index >= 0) selection.focus(index);
    });
  }

  openCutter(adding = false) {
    if (this.grid.waiting || !this.face) return;
    this.grid.decisions.setRejecting(false);
    this.cutter.open(this.face.id, adding);
    this.grid.outbox.ask({ photo: this.face.id });
  }

  // The page comes back with the new face beside the old one.
  cut(face, box, emotion) {
    this.grid.waiting = true;
    const event = { id: uuid(), action: uuid(), face, box, page: this.grid.pageId };
    this.grid.outbox.add([this.cutter.adding ? { type: "add", ...event, emotion } : { type: "recut", ...event }]);
  }
}
