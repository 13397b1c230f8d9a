// What lies over the points: the line that is drawn around some, the ring around the face in sight, and the pointer.

class Over {
  constructor(canvas, hears) {
    Object.assign(this, { canvas, hears, line: null, kept: null, ring: -1 });
    canvas.addEventListener("pointerdown", (event) => this.begin(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    canvas.addEventListener("pointerup", () => this.finish());
    canvas.addEventListener("pointercancel", () => this.drop());
    canvas.addEventListener("pointerleave", () => this.line || this.point(-1));
  }

  place(event) {
    const box = this.canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  begin(event) {
    if (event.button !== 0 || !this.plot) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.point(-1);
    this.line = [this.place(event)];
    this.kept = null;
    this.draw();
  }

  move(event) {
    if (!this.plot) return;
    if (!this.line) {
      this.point(this.plot.at(this.place(event)));
      return;
    }
    this.line.push(this.place(event));
    this.draw();
  }

  finish() {
    const line = this.line && thinned(this.line);
    this.line = null;
    if (!line) return;
    if (isArea(line)) {
      this.kept = line.map((place) => this.plot.dataOf(place));
      this.hears.chosen(this.kept);
    } else {
      const place = this.plot.at(line[0]);
      this.point(place);
      this.hears.cleared();
    }
    this.draw();
  }

  drop() {
    this.line = null;
    this.draw();
  }

  point(place) {
    if (place === this.ring) return;
    this.ring = place;
    this.hears.pointed(place);
    this.draw();
  }

  clear() {
    this.kept = null;
    this.draw();
  }

  // Once for a frame, however often the pointer moves in between.
  draw() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.drawNow();
    });
  }

  drawNow() {
    const { canvas } = this;
    const dots = window.devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    if (canvas.width !== Math.round(width * dots) || canvas.height !== Math.round(height * dots)) {
      [canvas.width, canvas.height] = [Math.round(width * dots), Math.round(height * dots)];
    }
    // In the machine's own memory: a card that is software falls seconds behind the pointer.
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.setTransform(dots, 0, 0, dots, 0, 0);
    pen.clearRect(0, 0, width, height);
    if (!this.plot) return;
    pen.strokeStyle = pen.fillStyle = this.colour;
    pen.lineWidth = 2;
    const line = this.line ?? this.kept?.map((corner) => this.plot.screenOf(corner));
    if (line?.length) this.trace(pen, line);
    if (this.ring >= 0) {
      const { x, y } = this.plot.points;
      pen.beginPath();
      pen.arc(...this.plot.screenOf([x[this.ring], y[this.ring]]), 7, 0, 2 * Math.PI);
      pen.stroke();
    }
  }

  trace(pen, line) {
    pen.beginPath();
    for (const place of line) pen.lineTo(...place);
    pen.closePath();
    pen.globalAlpha = 0.12;
    pen.fill();
    pen.globalAlpha = 1;
    pen.stroke();
  }
}
