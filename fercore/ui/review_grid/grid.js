// The review grid: one page of faces, worked on with the keyboard; decisions leave through the outbox.

const SKELETON = `
  <div class="fc-bar">
    <span class="fc-place"></span>
    <span class="fc-saved" role="status"><span class="fc-dot"></span><span class="fc-saved-text"></span>
      <span data-testid="saved-count">0</span> <span class="fc-saved-words"></span>
      <time data-testid="saved-time" class="fc-time"></time></span>
    <span class="fc-buttons"></span>
  </div>
  <div class="fc-legend" role="note"></div>
  <div class="fc-body">
    <div class="fc-grid" data-testid="face-grid" role="listbox" aria-multiselectable="true" tabindex="0"></div>
    <aside class="fc-aside">
      <div class="fc-pictures"><canvas class="fc-large"></canvas><img class="fc-context" hidden></div>
      <p><strong class="fc-name"></strong> <span class="fc-state"></span></p>
      <button type="button" class="fc-button fc-recut" tabindex="-1"></button>
      <dl class="fc-facts"></dl>
      <ol class="fc-history"></ol>
      <section class="fc-near" hidden><h4></h4><div class="fc-near-faces"></div></section>
    </aside>
  </div>
  <dialog class="fc-sheet"><strong></strong><div class="fc-sheet-keys"></div><button type="button"></button></dialog>
  <dialog class="fc-cutter"></dialog>
  <p class="fc-live" aria-live="polite"></p>`;

const FOCUS_KEY = "fercore.focus";
const LARGE_KEY = "fercore.large";
const ZOOMS = [1, 2, 3, 4];
const LIFTS = 3;
const NOT_SURE = "not sure"; // as the server knows it

class Grid {
  constructor(root, component) {
    this.root = root;
    this.words = component.data.words;
    this.numbers = new Intl.NumberFormat(this.words.locale);
    this.faces = [];
    this.nodes = [];
    this.selected = new Set();
    this.actions = [];
    this.details = new Map();
    this.rejecting = false;
    this.waiting = false;
    this.painted = false;
    this.outbox = new Outbox(component.data.outbox, (message) => this.transmit(message), () => this.drawSoon());
    this.build();
    this.onKey = (event) => this.key(event);
    this.onHide = () => this.outbox.pump();
    this.onLeave = (event) => this.leave(event);
    window.addEventListener("keydown", this.onKey, true);
    window.addEventListener("pagehide", this.onHide);
    window.addEventListener("click", this.onLeave, true);
    this.watch = new MutationObserver(() => this.putAwayConnectionError());
    this.watch.observe(document.body, { childList: true });
    if (this.outbox.pending) this.outbox.schedule();
  }

  build() {
    this.root.innerHTML = SKELETON; // a constant: no word of a user is in it
    this.grid = this.root.querySelector(".fc-grid");
    this.aside = this.root.querySelector(".fc-aside");
    this.grid.setAttribute("aria-label", this.words.grid);
    this.root.querySelector(".fc-saved-words").textContent = this.words.saved;
    this.root.querySelector(".fc-context").alt = this.words.context;
    const buttons = this.root.querySelector(".fc-buttons");
    for (const [name, act] of [
      ["focus", () => this.large(!this.isLarge)],
      ["undo", () => this.undo()],
      ["previous", () => this.turn("previous")],
      ["next", () => this.turn("next")],
      ["confirm", () => this.confirmPage()],
    ]) {
      const button = element("button", `fc-button fc-${name}`, this.words.buttons[name]);
      button.type = "button";
      button.title = this.words.hints[name];
      button.addEventListener("click", () => {
        act();
        this.focusTile(this.focused);
      });
      buttons.append(button);
    }
    this.grid.addEventListener("click", (event) => this.click(event));
    const back = () => this.focusTile(this.focused);
    this.legend = new Legend(this.root, this.words, (code) => this.press(code), back);
    this.buildCutter();
    this.zoom(0);
    this.lift(0);
    this.large(sessionStorage.getItem(LARGE_KEY) === "yes");
    this.legend.draw(this.rejecting);
    this.drawSaved();
  }

  // One face large, with all that is known of it; the others of the page are a strip above.
  large(on) {
    this.isLarge = on;
    sessionStorage.setItem(LARGE_KEY, on ? "yes" : "no");
    this.root.classList.toggle("fc-focusing", on);
    this.root.querySelector(".fc-focus").setAttribute("aria-pressed", String(on));
    this.nodes[this.focused]?.scrollIntoView({ block: "nearest", inline: "center" });
    if (!on) return;
    this.details.clear(); // they came without neighbours
    this.askDetail();
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
    this.send = setTriggerValue;
    if (data.detail) this.details.set(data.detail.id, data.detail);
    const page = data.page;
    if (page.key !== this.pageKey) {
      if (page.tiles) this.show(page);
      else this.outbox.ask({ focus: -1 }); // the server thinks that this page is here: ask for it
    }
    this.place = page;
    this.drawPlace();
    this.outbox.acknowledge(data.ack);
    if (data.photo) this.cutter.show(data.photo);
    if (data.ack?.problem && data.ack.batch !== this.told) {
      this.told = data.ack.batch;
      this.waiting = false;
      this.cutter.say(data.ack.problem);
      this.announce(data.ack.problem);
    }
    if (data.detail && this.faces[this.focused]?.id === data.detail.id) this.drawAside();
  }

  show(page) {
    this.pageKey = page.key;
    this.pageId = page.id;
    this.faces = page.tiles;
    this.openAtFirst = this.faces.filter((face) => !face.mine).length;
    this.selected.clear();
    this.actions = [];
    this.details.clear();
    this.rejecting = false;
    this.waiting = false;
    this.painted = false;
    const last = Math.max(this.faces.length - 1, 1);
    this.nodes = this.faces.map((face, index) => makeTile(face, index, this.words, index / last));
    const picture = this.drawSheet();
    this.grid.replaceChildren(...this.nodes);
    this.grid.scrollTop = 0;
    this.legend.draw(this.rejecting);
    // After a reload or a new start of the server the same faces may come in another order: the next key belongs
    // to the face that had the focus.
    const before = page.at ?? Number(sessionStorage.getItem(FOCUS_KEY));
    this.cutter.close();
    this.focusTile(Math.max(0, this.faces.findIndex((face) => face.id === before)));
    picture.decode().catch(() => null).then(() => requestAnimationFrame(() => requestAnimationFrame(() => {
      if (this.pageKey !== page.key) return;
      this.painted = true;
      this.grid.dataset.painted = page.key;
    })));
  }

  // The picture that all tiles take their faces from.
  drawSheet() {
    if (this.sheetUrl) URL.revokeObjectURL(this.sheetUrl);
    const picture = new Image();
    picture.src = this.sheetUrl = sheet(this.faces);
    this.grid.style.setProperty("--fc-sheet", `url(${this.sheetUrl})`);
    this.grid.style.setProperty("--fc-faces", String(this.faces.length));
    return picture;
  }

  // Streamlit puts a dialog over everything while its server is away: the grid says it in one line and works on.
  putAwayConnectionError() {
    const dialog = [...document.querySelectorAll("[role=dialog]")].find((one) =>
      one.textContent.includes("streamlit run"));
    if (!dialog || !this.root.isConnected) return;
    dialog.querySelector("button")?.click();
    this.outbox.away();
    this.focusTile(this.focused);
  }

  // Which keys are ours: those pressed in the grid or nowhere, never in a field, a menu or on another button.
  isOurs(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return false;
    const target = event.composedPath()[0];
    if (this.legend.open) return false;
    if (this.grid.contains(target)) return true;
    const open = document.querySelector("[role=dialog], dialog[open], [data-baseweb=popover]");
    return !open && !target.closest?.("input, textarea, select, button, a, summary, [contenteditable=true], [tabindex]");
  }

  key(event) {
    if (!this.root.isConnected || !this.faces.length || !this.isOurs(event)) return;
    const handled = this.command(event);
    if (handled || event.code === "KeyR" || event.code === "KeyC") {
      event.stopImmediatePropagation(); // Streamlit binds R and C for the whole page
      event.preventDefault();
    }
  }

  command(event) {
    const digit = /^(?:Digit|Numpad)([1-8])$/.exec(event.code);
    if (this.waiting) return Boolean(digit) || event.code in this.commands;
    if (digit && !event.shiftKey) {
      if (!event.repeat) this.digit(Number(digit[1]) - 1);
      return true;
    }
    const act = this.commands[event.code];
    if (!act) return false;
    act(event);
    return true;
  }

  get commands() {
    return {
      KeyX: () => this.setRejecting(true),
      Escape: () => this.escape(),
      KeyB: (event) => !event.repeat && this.openCutter(),
      KeyF: (event) => !event.repeat && this.large(!this.isLarge),
      KeyZ: (event) => !event.repeat && this.undo(),
      Enter: (event) => !event.repeat && this.confirmPage(),
      NumpadEnter: (event) => !event.repeat && this.confirmPage(),
      Space: () => this.toggle(this.focused),
      ArrowLeft: (event) => this.move(-1, event.shiftKey),
      ArrowRight: (event) => this.move(1, event.shiftKey),
      ArrowUp: (event) => this.move(-this.columns(), event.shiftKey),
      ArrowDown: (event) => this.move(this.columns(), event.shiftKey),
      Home: (event) => this.move(-this.focused, event.shiftKey),
      End: (event) => this.move(this.faces.length - 1 - this.focused, event.shiftKey),
      PageUp: () => this.turn("previous"),
      PageDown: () => this.turn("next"),
      Equal: () => this.zoom(1),
      NumpadAdd: () => this.zoom(1),
      Minus: () => this.zoom(-1),
      NumpadSubtract: () => this.zoom(-1),
      KeyL: () => this.lift(1),
      Slash: () => this.legend.show(),
    };
  }

  // A click on what stands in the legend.
  press(code) {
    this.command({ code, shiftKey: false, repeat: false });
    if (!this.legend.open && !this.cutter.dialog.open) this.focusTile(this.focused);
  }

  escape() {
    if (this.rejecting) this.setRejecting(false);
    else if (this.selected.size) this.clearSelection();
    else if (this.isLarge) this.large(false);
  }

  digit(number) {
    const notSure = number === this.words.emotions.length;
    if (this.rejecting) {
      if (notSure) return;
      this.rejecting = false;
      this.legend.draw(this.rejecting);
      this.decide({ emotion: null, reason: Object.keys(this.words.reasons)[number] });
    } else if (notSure) {
      this.decide({ emotion: null, reason: NOT_SURE });
    } else {
      this.decide({ emotion: number, reason: null });
    }
  }

  targets() {
    return this.selected.size ? [...this.selected].sort((a, b) => a - b) : [this.focused];
  }

  decide(wish) {
    this.apply(this.targets().map((index) => ({ index, ...wish })));
    this.clearSelection();
    this.focusTile(Math.min(this.focused + 1, this.faces.length - 1));
  }

  apply(wishes) {
    const action = crypto.randomUUID();
    const before = wishes.map(({ index }) => ({ index, face: { ...this.faces[index] } }));
    this.actions.push({ action, before, focused: this.focused });
    this.outbox.add(wishes.map(({ index, emotion, reason }) => {
      const face = this.faces[index];
      face.mine = true;
      face.reason = reason === NOT_SURE ? null : reason;
      if (reason) face.state = reason === NOT_SURE ? "unsure" : "rejected";
      else {
        face.state = emotion === face.baseline ? "confirmed" : "relabelled";
        face.emotion = emotion;
      }
      this.redraw(index);
      return { type: "decide", id: crypto.randomUUID(), action, face: face.id, emotion, reason, page: this.pageId };
    }));
  }

  undo() {
    if (this.waiting) return;
    this.setRejecting(false);
    const last = this.actions.pop();
    const event = { type: "undo", id: crypto.randomUUID(), undoes: last ? last.action : null };
    if (last) {
      for (const { index, face } of last.before) {
        this.faces[index] = face;
        this.redraw(index);
      }
      this.focusTile(last.before.length > 1 ? last.focused : last.before[0].index);
    } else {
      this.waiting = true;
    }
    this.outbox.add([event]);
    this.announce(this.words.undone);
  }

  confirmPage() {
    if (this.waiting || !this.painted) return;
    this.setRejecting(false);
    const open = this.faces
      .map((face, index) => ({ index, emotion: face.emotion, reason: null, face }))
      .filter(({ face }) => !face.mine && face.emotion !== null && face.state !== "rejected");
    if (open.length) this.apply(open);
    this.turn("next");
  }

  turn(to) {
    if (this.waiting) return;
    this.waiting = true;
    this.grid.classList.add("fc-waiting");
    this.outbox.ask({ turn: { to, from: this.pageKey } });
  }

  click(event) {
    const node = event.target.closest(".fc-tile");
    if (!node || this.waiting) return;
    const index = Number(node.dataset.index);
    if (event.shiftKey) this.selectRange(this.focused, index);
    else this.toggle(index);
    this.focusTile(index);
  }

  toggle(index) {
    if (this.selected.has(index)) this.selected.delete(index);
    else this.selected.add(index);
    this.redraw(index);
  }

  selectRange(from, to) {
    for (let i = Math.min(from, to); i <= Math.max(from, to); i += 1) {
      this.selected.add(i);
      this.redraw(i);
    }
  }

  clearSelection() {
    const were = [...this.selected];
    this.selected.clear();
    were.forEach((index) => this.redraw(index));
  }

  move(step, extend) {
    const next = Math.min(Math.max(this.focused + step, 0), this.faces.length - 1);
    if (extend) this.selectRange(this.focused, next);
    this.focusTile(next);
  }

  focusTile(index) {
    if (!this.nodes.length) return;
    delete this.nodes[this.focused]?.dataset.at;
    this.focused = Math.min(index, this.nodes.length - 1);
    const node = this.nodes[this.focused];
    sessionStorage.setItem(FOCUS_KEY, String(this.faces[this.focused].id));
    node.dataset.at = "yes";
    // The grid itself has the keyboard: to focus each tile in turn took most of a key's time.
    this.grid.setAttribute("aria-activedescendant", node.id);
    if (document.activeElement !== this.grid) this.grid.focus({ preventScroll: true });
    this.moved = true;
    this.drawSoon();
    clearTimeout(this.detailTimer);
    this.detailTimer = setTimeout(() => this.askDetail(), 200);
  }

  askDetail() {
    const face = this.faces[this.focused];
    if (face && !this.details.has(face.id)) this.outbox.ask({ focus: face.id });
  }

  // A neighbour that lies on this page gets the focus.
  focusFace(id) {
    const index = this.faces.findIndex((face) => face.id === id);
    if (index >= 0) this.focusTile(index);
  }

  columns() {
    if (this.isLarge) return 1;
    const top = this.nodes[0]?.offsetTop;
    const next = this.nodes.findIndex((node) => node.offsetTop !== top);
    return next < 0 ? this.nodes.length : next;
  }

  setRejecting(on) {
    if (this.rejecting === on) return;
    this.rejecting = on;
    this.legend.draw(this.rejecting);
    if (on) this.announce(this.words.why);
  }

  redraw(index) {
    const face = this.faces[index];
    this.details.delete(face.id);
    markTile(this.nodes[index], face, this.words);
    this.nodes[index].setAttribute("aria-selected", String(this.selected.has(index)));
  }

  // Keys may come faster than the screen is painted: what they change beside the tiles is drawn once a frame.
  drawSoon() {
    if (this.frame) return;
    const draw = () => {
      this.frame = null;
      this.drawSaved();
      if (!this.moved) return;
      this.moved = false;
      this.nodes[this.focused]?.scrollIntoView({ block: "nearest", inline: "nearest" });
      this.drawAside();
    };
    this.frame = document.hidden ? setTimeout(draw) : requestAnimationFrame(draw);
  }

  drawAside() {
    const face = this.faces[this.focused];
    if (!face) return;
    const detail = this.details.get(face.id);
    drawDetail(this.aside, face, detail, this.words);
    drawNeighbours(this.aside, detail, this.words, (id) => this.focusFace(id));
  }

  buildCutter() {
    const dialog = this.root.querySelector(".fc-cutter");
    const left = () => this.focusTile(this.focused);
    this.cutter = new Cutter(dialog, this.words.cutter, (face, box) => this.recut(face, box), left);
    const button = this.root.querySelector(".fc-recut");
    button.textContent = this.words.cutter.button;
    button.addEventListener("click", () => this.openCutter());
  }

  openCutter() {
    if (this.waiting || !this.faces.length) return;
    this.setRejecting(false);
    this.cutter.open(this.faces[this.focused]);
    this.outbox.ask({ photo: this.faces[this.focused].id });
  }

  // The page comes back with the new face beside the old one.
  recut(face, box) {
    this.waiting = true;
    const [id, action] = [crypto.randomUUID(), crypto.randomUUID()];
    this.outbox.add([{ type: "recut", id, action, face, box, page: this.pageId }]);
  }

  // How large the faces are, in whole multiples of their pixels; kept for the next visit.
  zoom(step) {
    const index = ZOOMS.indexOf(Number(localStorage.getItem("fercore.zoom") || 2)) + step;
    const zoom = ZOOMS[Math.min(Math.max(index, 0), ZOOMS.length - 1)];
    localStorage.setItem("fercore.zoom", String(zoom));
    this.root.style.setProperty("--fc-zoom", String(zoom));
    if (step) this.nodes[this.focused]?.scrollIntoView({ block: "nearest" });
  }

  lift(step) {
    const lift = (Number(this.root.dataset.lift || 0) + step) % LIFTS;
    this.root.dataset.lift = String(lift);
  }

  drawSaved() {
    if (this.place) this.drawPlace();
    const { pending, stored, savedAt, late } = this.outbox;
    this.root.querySelector("[data-testid=saved-count]").textContent = String(stored);
    this.root.querySelector(".fc-saved").dataset.state = late ? "late" : pending ? "saving" : "saved";
    this.root.querySelector(".fc-saved-text").textContent = late
      ? this.words.late.replace("{count}", pending)
      : pending ? this.words.saving : "";
    const time = this.root.querySelector(".fc-time");
    time.textContent = savedAt ? savedAt.toLocaleTimeString(this.words.locale) : "";
  }

  // The server counts when a page is opened; what is decided since then is counted here.
  drawPlace() {
    const left = this.place.left - this.openAtFirst + this.faces.filter((face) => !face.mine).length;
    const number = (value) => this.numbers.format(value);
    const text = this.words.place.replace("{left}", number(left)).replace("{total}", number(this.place.total));
    this.root.querySelector(".fc-place").textContent = text;
    if (!this.waiting) this.grid.classList.remove("fc-waiting");
  }

  announce(text) {
    this.root.querySelector(".fc-live").textContent = text;
  }

  close() {
    window.removeEventListener("keydown", this.onKey, true);
    window.removeEventListener("pagehide", this.onHide);
    window.removeEventListener("click", this.onLeave, true);
    this.watch.disconnect();
    if (this.sheetUrl) URL.revokeObjectURL(this.sheetUrl);
    clearTimeout(this.detailTimer);
    this.outbox.close();
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
