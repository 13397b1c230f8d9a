// The review grid: one page of faces, worked on with the keyboard; decisions leave through the outbox.

const LARGE_KEY = "fercore.large";
const LOOKING_MS = 5000; // after so long a page of a task is worked on

class Grid {
  constructor(root, component) {
    this.root = root;
    this.words = component.data.words;
    this.note = component.data.note;
    this.faces = [];
    this.nodes = [];
    this.waiting = false;
    this.painted = false;
    this.outbox = new Outbox(component.data.outbox, (message) => this.transmit(message), () => this.drawSoon());
    this.build();
    window.addEventListener("pagehide", (this.onHide = () => this.outbox.pump()));
    window.addEventListener("click", (this.onLeave = (event) => this.leave(event)), true);
    this.connection = new ConnectionDialog(() => {
      this.outbox.isLate();
      this.selection.focus(this.selection.focused);
    });
  }

  find(selector) {
    return this.root.querySelector(selector);
  }

  build() {
    this.root.innerHTML = SKELETON; // a constant: no word of a user is in it
    this.grid = this.find(".fc-grid");
    this.grid.setAttribute("aria-label", this.words.grid);
    this.status = new Status(this.root, this.words, this.outbox);
    this.sight = new Sight(this.root, this.grid, () => this.drawSoon());
    this.fit = new Fit(this);
    this.appearance = new Appearance(this.root, this.grid, () => this.repaint());
    this.selection = new Selection(this);
    this.decisions = new Decisions(this);
    const back = () => this.selection.focus(this.selection.focused);
    this.legend = new Legend(this.root, this.words, (code) => this.press(code), back);
    this.keys = new Keys(this);
    this.buildButtons(back);
    this.beside = new Beside(this, back);
    this.cutter = this.beside.cutter;
    this.remarks = new Remarks(this, back);
    this.grid.addEventListener("click", (event) => this.selection.click(event));
    this.large(sessionStorage.getItem(LARGE_KEY) === "yes");
    this.legend.draw(false);
    this.status.drawSaved();
  }

  buildButtons(back) {
    for (const [name, act] of [
      ["focus", () => this.large(!this.isLarge)],
      ["undo", () => this.decisions.undo()],
      ["previous", () => this.turn("previous")],
      ["next", () => this.turn("next")],
      ["confirm", () => this.decisions.confirmPage()],
    ]) {
      const button = element("button", `fc-button fc-${name}`, this.words.buttons[name]);
      button.type = "button";
      button.title = this.words.hints[name];
      button.addEventListener("click", () => {
        this.begin();
        act();
        if (!this.selection.done) back();
      });
      this.find(".fc-buttons").append(button);
    }
  }

  // One face large, with all that is known of it; the others of the page are a strip above.
  large(on) {
    this.isLarge = on;
    sessionStorage.setItem(LARGE_KEY, on ? "yes" : "no");
    this.root.classList.toggle("fc-focusing", on);
    this.find(".fc-focus").setAttribute("aria-pressed", String(on));
    this.nodes[this.selection.focused]?.scrollIntoView({ block: "nearest", inline: "center" });
    if (!on) return;
    this.beside.forget(); // they came without neighbours
    this.beside.ask();
  }

  // A click on a link to another page waits until the message under way is answered.
  leave(event) {
    const link = event.composedPath()[0]?.closest?.("a[href]");
    if (!this.root.isConnected || !link || this.leaving === link) return;
    if (this.outbox.leave(() => (this.leaving = link).click())) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }

  transmit(message) {
    this.send("message", { ...message, have: this.pageKey || null, near: this.isLarge });
  }

  // Streamlit calls this with fresh data after every run of the page's script.
  update(component) {
    const { data, setTriggerValue } = component;
    const { page, ack } = data;
    // What stands above the faces may still grow: how many fit is known once its letters are there.
    if (page.guessed && this.root.offsetHeight && document.fonts.status !== "loaded") {
      document.fonts.ready.then(() => this.root.isConnected && this.update(component));
      return;
    }
    this.send = setTriggerValue;
    this.note = data.note;
    if (data.detail) this.beside.learn(data.detail);
    if (page.key !== this.pageKey) {
      if (page.tiles && !this.fit.suits(page)) this.outbox.ask({ fits: this.fit.faces });
      else if (page.tiles) this.show(page);
      else if (!ack?.away) this.outbox.ask({ focus: -1 }); // the server thinks that this page is here: ask for it
    }
    this.place = page;
    this.hear(ack);
    this.drawSoon();
    if (data.photo) this.cutter.show(data.photo);
    if (data.detail && this.faces[this.selection.focused]?.id === data.detail.id) this.beside.draw();
  }

  hear(ack) {
    const isNew = ack && ack.batch !== this.heard;
    this.outbox.acknowledge(ack);
    if (!isNew) return;
    this.heard = ack.batch;
    if (ack.stays) this.waiting = false;
    if (ack.skipped?.length) this.decisions.leftAlone(ack.skipped, ack.tiles, ack.stays);
    if (ack.refused?.length) this.status.announce(ack.refused[0].why);
    if (!ack.problem) return;
    this.waiting = false;
    this.cutter.say(ack.problem);
    this.status.say(ack.problem);
  }

  show(page) {
    this.pageKey = page.key;
    this.pageId = page.id;
    this.faces = page.tiles;
    this.openAtFirst = this.faces.filter((face) => !face.mine).length;
    this.beside.forget();
    this.waiting = false;
    this.painted = false;
    const last = Math.max(this.faces.length - 1, 1);
    this.nodes = this.faces.map((face, index) => makeTile(face, index, this.words, index / last));
    const picture = this.appearance.draw(this.faces);
    this.sight.measure(this.appearance.tile);
    this.grid.replaceChildren(...this.nodes);
    this.grid.scrollTop = 0;
    if (!this.isLarge) this.sight.scroll();
    this.sight.begin(this.nodes);
    this.cutter.close();
    this.decisions.begin();
    this.selection.begin(page.at);
    clearTimeout(this.looking);
    const looked = () => (document.hidden ? (this.looking = setTimeout(looked, LOOKING_MS)) : this.begin());
    this.looking = setTimeout(looked, LOOKING_MS);
    picture.decode().catch(() => null).then(() => requestAnimationFrame(() => requestAnimationFrame(() => {
      if (this.pageKey !== page.key || this.fit.outgrown(page)) return;
      this.painted = true;
      this.grid.dataset.painted = page.key;
      this.fit.watch(page);
    })));
  }

  // The page is worked on: in a task its faces are this person's from now on.
  begin() {
    if (this.begun === this.pageId || !this.place?.offered) return;
    this.begun = this.pageId;
    this.outbox.ask({ looks: true });
  }

  repaint() {
    if (this.faces.length) this.appearance.draw(this.faces);
    this.beside.draw();
  }

  // A click on what stands in the legend.
  press(code) {
    this.keys.command({ code, shiftKey: false, repeat: false });
    const { selection } = this;
    if (!this.legend.open && !this.cutter.dialog.open && !this.remarks.dialog.open && !selection.done) selection.focus(selection.focused);
  }

  escape() {
    if (this.decisions.rejecting) this.decisions.setRejecting(false);
    else if (this.selection.chosen.size) this.selection.clear();
    else if (this.isLarge) this.large(false);
  }

  turn(to) {
    if (this.waiting) return;
    this.waiting = true;
    this.grid.classList.add("fc-waiting");
    this.outbox.ask({ turn: { to, from: this.pageKey }, fits: this.fit.faces });
  }

  focusMoved() {
    this.moved = true;
    this.drawSoon();
    clearTimeout(this.detailTimer);
    this.detailTimer = setTimeout(() => this.beside.ask(), 200);
  }

  redraw(index) {
    const face = this.faces[index];
    this.beside.forget(face.id);
    markTile(this.nodes[index], face, this.words);
    this.nodes[index].setAttribute("aria-selected", String(this.selection.chosen.has(index)));
  }

  // Keys may come faster than the screen is painted: what they change beside the tiles is drawn once a frame.
  drawSoon() {
    if (this.frame) return;
    const draw = () => {
      this.frame = null;
      this.status.drawSaved();
      if (this.place) this.drawPlace();
      if (!this.moved) return;
      this.moved = false;
      this.nodes[this.selection.focused]?.scrollIntoView({ block: "nearest", inline: "nearest" });
      this.beside.draw();
    };
    this.frame = document.hidden ? setTimeout(draw) : requestAnimationFrame(draw);
  }

  drawPlace() {
    const open = this.faces.filter((face) => !face.mine).length;
    this.status.drawPlace(this.place, this.place.left - (this.openAtFirst || 0) + open, this.sight, this.faces.length);
    if (!this.waiting) this.grid.classList.remove("fc-waiting");
  }

  close() {
    window.removeEventListener("pagehide", this.onHide);
    window.removeEventListener("click", this.onLeave, true);
    clearTimeout(this.detailTimer);
    clearTimeout(this.looking);
    for (const part of [this.keys, this.connection, this.appearance, this.sight, this.fit, this.outbox]) part.close();
  }
}

export default function reviewGrid(component) {
  const root = component.parentElement.querySelector(".fc-root");
  if (!root.fercoreGrid) root.fercoreGrid = new Grid(root, component);
  root.fercoreGrid.update(component);
  return () => {
    root.fercoreGrid?.close();
    delete root.fercoreGrid;
  };
}
