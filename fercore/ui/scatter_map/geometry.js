// Where points lie on the screen and which is near: pure functions and small classes.

// A linear scale with as much of d3's as the plot asks for.
function linearScale() {
  let [domain, range] = [[-1, 1], [0, 1]];
  const scale = (value) => range[0] + ((value - domain[0]) / (domain[1] - domain[0])) * (range[1] - range[0]);
  scale.domain = (values) => (values ? ((domain = [...values]), scale) : [...domain]);
  scale.range = (values) => (values ? ((range = [...values]), scale) : [...range]);
  scale.invert = (at) => domain[0] + ((at - range[0]) / (range[1] - range[0])) * (domain[1] - domain[0]);
  return scale;
}

// Corners at least so many pixels apart; the server counts with each of them.
function thinned(line, apart = 4, most = 1000) {
  const kept = [];
  for (const point of line) {
    const last = kept[kept.length - 1];
    if (!last || Math.hypot(point[0] - last[0], point[1] - last[1]) >= apart) kept.push(point);
  }
  const step = Math.ceil(kept.length / most);
  return step > 1 ? kept.filter((_, at) => at % step === 0) : kept;
}

// A line that somebody meant: at least three corners over some pixels in both directions.
function isArea(line, least = 6) {
  if (line.length < 3) return false;
  const span = (at) => Math.max(...line.map((point) => point[at])) - Math.min(...line.map((point) => point[at]));
  return span(0) >= least && span(1) >= least;
}

// A part of the map around its middle, larger or smaller, moved by shares of its sides.
function seenBox([x0, x1], [y0, y1], zoom, right = 0, up = 0) {
  const [width, height] = [(x1 - x0) / zoom, (y1 - y0) / zoom];
  const [x, y] = [(x0 + x1) / 2 + right * (x1 - x0), (y0 + y1) / 2 + up * (y1 - y0)];
  return { x: x - width / 2, y: y - height / 2, width, height };
}

const CELLS = 256;

// The nearest of many points: they are counted into cells of a grid once.
class Nearby {
  constructor(x, y) {
    Object.assign(this, { x, y, first: new Uint32Array(CELLS * CELLS + 1), order: new Uint32Array(x.length) });
    const cell = new Uint32Array(x.length);
    for (let at = 0; at < x.length; at++) this.first[(cell[at] = this.cell(x[at], y[at])) + 1]++;
    for (let at = 0; at < CELLS * CELLS; at++) this.first[at + 1] += this.first[at];
    const next = this.first.slice();
    for (let at = 0; at < x.length; at++) this.order[next[cell[at]]++] = at;
  }

  cell(x, y) {
    return this.line(y) * CELLS + this.line(x);
  }

  line(value) {
    return Math.min(Math.max(Math.floor(((value + 1) / 2) * CELLS), 0), CELLS - 1);
  }

  // The place of the nearest point within a distance, -1 where there is none.
  nearest(x, y, within) {
    let [best, least] = [-1, within * within];
    for (let row = this.line(y - within); row <= this.line(y + within); row++) {
      const [from, to] = [this.first[row * CELLS + this.line(x - within)], this.first[row * CELLS + this.line(x + within) + 1]];
      for (let at = from; at < to; at++) {
        const point = this.order[at];
        const distance = (this.x[point] - x) ** 2 + (this.y[point] - y) ** 2;
        if (distance <= least) [best, least] = [point, distance];
      }
    }
    return best;
  }
}
