// Focus and selection of tiles.

const FOCUS_KEY = "fercore.focus";

// A list that is open has the keyboard until a choice is made: what is typed there decides no face.
function isChoosing(node) {
  return node?.getAttribute?.("aria-expanded") === "true" && node.matches("input, textarea");
}

class Selection {
  constructor(grid) {
    this.grid = grid;
    this.chosen = new Set();
    this.focused = 0;
    this.done = false; // the last face was decided: the focus rests behind it
  }

  get last() {
    return this.grid.faces.length - 1;
  }

  // A page begins with the face that it was asked for, else with the one that had the focus before: after a reload or
  // a new start of the server the same faces may come in another order.
  begin(at) {
    this.chosen.clear();
    const before = at ?? Number(sessionStorage.getItem(FOCUS_KEY));
    this.focus(Math.max(0, this.grid.faces.findIndex((face) => face.id === before)));
  }

  targets() {
    return this.chosen.size ? [...this.chosen].sort((a, b) => a - b) : [this.focused];
  }

  toggle(index) {
    if (this.chosen.has(index)) this.chosen.delete(index);
    else this.chosen.add(index);
    this.grid.redraw(index);
  }

  range(from, to) {
    for (let i = Math.min(from, to); i <= Math.max(from, to); i += 1) {
      this.chosen.add(i);
      this.grid.redraw(i);
    }
  }

  clear() {
    const were = [...this.chosen];
    this.chosen.clear();
    were.forEach((index) => this.grid.redraw(index));
  }

  click(event) {
    const node = event.target.closest(".fc-tile");
    if (!node || this.grid.waiting) return;
    this.grid.begin();
    this.grid.decisions.setRejecting(false);
    const index = Number(node.dataset.index);
    if (event.shiftKey) this.range(this.focused, index);
    else this.toggle(index);
    this.focus(index);
  }

  move(step, extend) {
    this.moveTo((this.done ? this.last + 1 : this.focused) + step, extend);
  }

  moveTo(index, extend) {
    const next = Math.min(Math.max(index, 0), this.last);
    if (extend) this.range(this.focused, next);
    this.focus(next);
  }

  // After a decision; behind the last face there is none to decide.
  advance() {
    if (this.focused < this.last) this.focus(this.focused + 1);
    else this.rest();
  }

  rest() {
    this.focus(this.last);
    this.done = true;
    this.grid.root.classList.add("fc-done");
    this.tellRest(true);
  }

  // Behind the last face: what Enter will do, and whether faces before it are still undecided.
  tellRest(after = false) {
    const { faces, status, words } = this.grid;
    const open = faces.filter((face) => !face.mine && !face.elsewhere).length;
    status.say(open ? status.fill(words.pageRest, { count: open }) : words.pageDone, after);
  }

  focus(index) {
    const { grid, nodes, faces } = this.grid;
    if (!nodes.length) return;
    this.done = false;
    this.grid.root.classList.remove("fc-done");
    delete nodes[this.focused]?.dataset.at;
    this.focused = Math.min(index, nodes.length - 1);
    const node = nodes[this.focused];
    sessionStorage.setItem(FOCUS_KEY, String(faces[this.focused].id));
    node.dataset.at = "yes";
    // The grid itself has the keyboard: to focus each tile in turn took most of a key's time.
    grid.setAttribute("aria-activedescendant", node.id);
    if (document.activeElement !== grid && !isChoosing(document.activeElement)) grid.focus({ preventScroll: true });
    this.grid.focusMoved();
  }

  columns() {
    if (this.grid.isLarge) return 1;
    const { nodes } = this.grid;
    const top = nodes[0]?.offsetTop;
    const next = nodes.findIndex((node) => node.offsetTop !== top);
    return next < 0 ? nodes.length : next;
  }
}
