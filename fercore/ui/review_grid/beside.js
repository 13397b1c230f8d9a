// The details panel: facts, history and neighbours of the focused face, and its crop repair.

class Beside {
  constructor(grid, back) {
    this.grid = grid;
    this.details = new Map();
    this.aside = grid.find(".fc-aside");
    grid.find(".fc-context").alt = grid.words.context;
    const { cutter } = grid.words;
    this.cutter = new Cutter(grid.find(".fc-cutter"), cutter, (face, box) => this.recut(face, box), back);
    const button = grid.find(".fc-recut");
    button.textContent = cutter.button;
    button.addEventListener("click", () => this.openCutter());
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

  openCutter() {
    if (this.grid.waiting || !this.face) return;
    this.grid.decisions.setRejecting(false);
    this.cutter.open(this.face);
    this.grid.outbox.ask({ photo: this.face.id });
  }

  // The page comes back with the new face beside the old one.
  recut(face, box) {
    this.grid.waiting = true;
    this.grid.outbox.add([{ type: "recut", id: uuid(), action: uuid(), face, box, page: this.grid.pageId }]);
  }
}
