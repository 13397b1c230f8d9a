// The map of faces: loads, draws, hears what is chosen, and tells Python no more than the name of a selection.

const RESTING_MS = 60; // the pointer rests on a face
const RENEWED_MS = 60000; // a new token that is refused, too, is no matter of time

class FaceMap {
  constructor(root) {
    this.root = root;
    this.picked = new Set();
    this.columns = new Map();
    this.parts = skeleton(root, {
      lasso: () => this.mode(false),
      move: () => this.mode(true),
      nearer: () => this.plot?.look(1.5),
      farther: () => this.plot?.look(1 / 1.5),
      whole: () => this.plot?.whole(),
      colour: (name) => this.colourBy(name),
      again: () => this.load(),
      clear: () => this.clear(),
      key: (event) => this.key(event),
    });
    this.over = new Over(this.parts.over, {
      chosen: (polygon) => this.choose({ polygon, ...this.entries() }),
      cleared: () => this.clear(),
      pointed: (place) => this.point(place),
    });
    this.watch = new ResizeObserver(() => {
      this.plot?.fit();
      this.over.draw();
    });
    this.watch.observe(this.parts.plot);
    this.mode(false);
  }

  // Streamlit calls with each answer of the server.
  show(component) {
    this.component = component;
    const { data } = component;
    const before = this.data;
    this.data = data;
    this.wire = new Wire(rootOf(location.pathname, data.page), data.key, data.token);
    fillWords(this.parts, data, this.name);
    this.name ??= data.columns[0].name;
    if (before?.key !== data.key) {
      this.columns.clear();
      this.over.clear();
      this.answer(null);
      this.load();
    } else if (before.run !== data.run) {
      for (const name of data.ofRun) this.columns.delete(name);
      this.colourBy(this.offers(this.name) ? this.name : data.columns[0].name);
    } else {
      if (this.refused && before.token !== data.token) this.load();
      this.redraw();
    }
  }

  offers(name) {
    return this.data.columns.some((column) => column.name === name);
  }

  get look() {
    const style = getComputedStyle(this.root);
    const colour = (name) => hexOf(style.getPropertyValue(name).trim());
    return { ground: colour("--st-background-color"), text: colour("--st-text-color"), emotions: this.data.emotions };
  }

  async load() {
    const { wire } = this;
    this.refused = false;
    this.say(this.data.words.loading);
    try {
      if (!hasWebGL()) throw new NoWebGL();
      const [create, points] = await Promise.all([loadedPlot(wire.root, this.data.scripts), wire.points()]);
      if (wire.key !== this.wire.key || !this.root.isConnected) return;
      this.plot?.end();
      this.plot = new Plot(create, this.parts.points, points, {
        moved: () => this.over.draw(),
        pointed: (place) => this.over.point(place),
      });
      this.over.plot = this.plot;
      await this.colourBy(this.offers(this.name) ? this.name : this.data.columns[0].name);
      this.say("");
    } catch (error) {
      this.fail(error);
    }
  }

  fail(error) {
    const { words } = this.data;
    if (error instanceof NoWebGL) this.say(words.noWebGL);
    else if (error instanceof Refused && !(Date.now() - this.renewedAt < RENEWED_MS)) {
      this.refused = true;
      this.renewedAt = Date.now();
      this.say(words.loading);
      this.component.setTriggerValue("renewed", this.data.token);
    } else if (error instanceof TypeError || error instanceof Refused) this.say(words.unreachable, true);
    else throw error;
  }

  async fetchColumns(names) {
    const lacking = [...new Set(names)].filter((name) => !this.columns.has(name));
    const { wire, data } = this;
    const run = (name) => (data.ofRun.includes(name) ? data.run : null);
    const fetched = await Promise.all(lacking.map((name) => wire.column(name, run(name))));
    if (wire.key === this.wire.key) lacking.forEach((name, at) => this.columns.set(name, fetched[at]));
  }

  async colourBy(name) {
    if (!this.plot) return;
    try {
      await this.fetchColumns([name, ...this.data.told]);
    } catch (error) {
      this.fail(error);
      return;
    }
    if (name !== this.name) this.picked.clear();
    this.name = name;
    this.parts.colour.value = name;
    await this.redraw();
  }

  async redraw() {
    const column = this.columns.get(this.name);
    if (!this.plot || !column) return;
    const { look, picked, name } = this;
    this.over.colour = look.text;
    const rows = legendOf(name, column, this.data.words, look.emotions);
    drawLegend(this.parts.legend, rows, { words: this.data.words, picked, look }, {
      toggle: (code) => {
        if (!picked.delete(code)) picked.add(code);
        this.redraw();
      },
      select: () => {
        this.over.clear();
        this.choose(this.entries());
      },
    });
    await this.plot.colour(name, column, look, picked);
    this.over.draw();
  }

  // The entries that are picked: only their faces are chosen.
  entries() {
    if (!this.picked.size) return {};
    return { column: this.name, run: this.data.ofRun.includes(this.name) ? this.data.run : null, codes: [...this.picked] };
  }

  async choose(wanted) {
    const turn = (this.turn = (this.turn ?? 0) + 1);
    performance.mark("fercore-chosen");
    try {
      const answer = await this.wire.select(wanted);
      if (turn !== this.turn) return;
      this.answer(answer);
      performance.measure("fercore-answered", "fercore-chosen");
      this.component.setStateValue("selection", answer.count ? answer.selection : null);
    } catch (error) {
      this.fail(error);
    }
  }

  clear() {
    this.turn = (this.turn ?? 0) + 1;
    this.over.clear();
    if (this.parts.answer.hidden) return;
    this.answer(null);
    this.component.setStateValue("selection", null);
  }

  answer(answer) {
    const { parts, data } = this;
    parts.answer.hidden = answer === null;
    if (answer === null) return;
    const words = data.words.chosen[answer.count === 1 ? 0 : 1];
    parts.count.textContent = words.replace("{count}", answer.count.toLocaleString());
    const link = (face) => `${this.wire.root}review?task=0&faces=${face}`;
    parts.tiles.replaceChildren(...answer.faces.map((face) => tile(face, this.known(), data.words, link)));
  }

  known() {
    return this.data.columns.map((column) => ({ ...column, column: this.columns.get(column.name) }));
  }

  point(place) {
    clearTimeout(this.rest);
    this.parts.card.hidden = true;
    if (place < 0) return;
    this.rest = setTimeout(async () => {
      try {
        const face = await this.wire.face(place);
        if (this.over.ring !== place) return;
        fillCard(this.parts.card, face, this.known(), this.data.words);
        this.parts.card.hidden = false;
      } catch (error) {
        this.fail(error);
      }
    }, RESTING_MS);
  }

  mode(moves) {
    this.parts.plot.classList.toggle("fcm-moving", moves);
    this.parts.buttons.lasso.setAttribute("aria-pressed", String(!moves));
    this.parts.buttons.move.setAttribute("aria-pressed", String(moves));
  }

  key(event) {
    const ways = { ArrowLeft: [1, -0.2, 0], ArrowRight: [1, 0.2, 0], ArrowUp: [1, 0, 0.2], ArrowDown: [1, 0, -0.2] };
    const way = { ...ways, "+": [1.5], "=": [1.5], "-": [1 / 1.5] }[event.key];
    if (event.key === "Escape") this.clear();
    else if (event.key === "0") this.plot?.whole();
    else if (way) this.plot?.look(...way);
    else return;
    event.preventDefault();
  }

  say(text, again = false) {
    this.parts.message.hidden = !text;
    this.parts.said.textContent = text;
    this.parts.again.hidden = !again;
  }

  end() {
    this.watch.disconnect();
    this.plot?.end();
  }
}

export default function scatterMap(component) {
  const root = component.parentElement.querySelector(".fcm-root");
  root.fercoreMap ??= new FaceMap(root);
  root.fercoreMap.show(component);
  return () =>
    setTimeout(() => {
      if (root.isConnected) return;
      root.fercoreMap?.end();
      delete root.fercoreMap;
    });
}
