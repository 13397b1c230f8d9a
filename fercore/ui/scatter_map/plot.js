// The points: drawn by regl-scatterplot, coloured by a column, and the part of them that is seen.

const SIZES = [[2e3, 7], [2e4, 4.5], [1e5, 3], [Infinity, 1.6]];

function hexOf(colour) {
  const context = document.createElement("canvas").getContext("2d");
  context.fillStyle = colour;
  return context.fillStyle;
}

class Plot {
  constructor(create, canvas, points, hears) {
    Object.assign(this, { points, canvas, x: linearScale(), y: linearScale(), nearby: new Nearby(points.x, points.y) });
    try {
      this.drawn = create({
        canvas,
        width: canvas.parentElement.clientWidth,
        height: canvas.parentElement.clientHeight,
        xScale: this.x,
        yScale: this.y,
        colorBy: "valueA",
        actionKeyMap: {},
        showReticle: false,
        // Its worker does not know the helpers that the published file stands on.
        spatialIndexUseWorker: false,
        opacity: points.x.length > 2e5 ? 0.55 : 0.8,
        pointSize: SIZES.find(([most]) => points.x.length <= most)[1],
      });
    } catch (error) {
      throw new NoWebGL(String(error));
    }
    this.drawn.subscribe("view", hears.moved);
    this.drawn.subscribe("pointOver", hears.pointed);
    this.drawn.subscribe("pointOut", () => hears.pointed(-1));
    this.drawn.subscribe("select", () => this.drawn.deselect({ preventEvent: true }));
  }

  async colour(name, column, look, picked) {
    const colours = palette(name, column, look, picked);
    this.drawn.set({ backgroundColor: look.ground, pointColor: colours.length > 1 ? colours : [...colours, ...colours] });
    if (this.column === column) return;
    this.column = column;
    const index = this.drawn.get("spatialIndex");
    const points = { x: this.points.x, y: this.points.y, z: categories(column) };
    await this.drawn.draw(points, { zDataType: "categorical", ...(index && { spatialIndex: index }) });
    if (!index) await this.whole();
  }

  // The side bar makes room, too, and no window tells of it.
  fit() {
    const { clientWidth: width, clientHeight: height } = this.canvas.parentElement;
    if (width && height) this.drawn.set({ width, height });
  }

  dataOf([left, top]) {
    return [this.x.invert(left), this.y.invert(top)];
  }

  screenOf([x, y]) {
    return [this.x(x), this.y(y)];
  }

  at(place) {
    const within = Math.abs(this.x.invert(10) - this.x.invert(0));
    return this.nearby.nearest(...this.dataOf(place), within);
  }

  look(zoom, right = 0, up = 0) {
    return this.drawn.zoomToArea(seenBox(this.x.domain(), this.y.domain(), zoom, right, up));
  }

  whole() {
    return this.drawn.zoomToArea({ x: -1.05, y: -1.05, width: 2.1, height: 2.1 });
  }

  end() {
    this.drawn.destroy();
  }
}
