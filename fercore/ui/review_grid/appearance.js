// Appearance of faces: size, contrast and edges; kept in the browser.

const ZOOMS = [1, 2, 3, 4];
const LIFTS = [null, { gamma: 0.8, curve: 0.5 }, { gamma: 0.65, curve: 0.6, stretch: true }];

// The grays of a face (a string of bytes) with lifted contrast. The curve rises everywhere and ends in black and white,
// so different grays stay different as far as 256 steps allow, and nothing burns out.
function tones(gray, lift) {
  const bytes = new Uint8Array(gray.length);
  for (let i = 0; i < gray.length; i += 1) bytes[i] = gray.charCodeAt(i);
  const { gamma, curve, stretch } = LIFTS[lift] || {};
  if (!gamma || !bytes.length) return bytes;
  const [low, high] = stretch ? [Math.min(...bytes), Math.max(...bytes)] : [0, 255];
  const table = Array.from({ length: 256 }, (_, value) => {
    const x = Math.min(Math.max((value - low) / Math.max(high - low, 1), 0), 1) ** gamma;
    return Math.round(255 * ((1 - curve) * x + curve * x * x * (3 - 2 * x)));
  });
  return bytes.map((value) => table[value]);
}

class Appearance {
  // `changed()` is called when faces must be drawn again.
  constructor(root, grid, changed) {
    this.root = root;
    this.grid = grid;
    this.changed = changed;
    this.lifted = 0;
    this.zoom(0);
    this.smooth(0);
  }

  // In whole multiples of their pixels.
  zoom(step) {
    const index = ZOOMS.indexOf(Number(localStorage.getItem("fercore.zoom") || 2)) + step;
    const zoom = ZOOMS[Math.min(Math.max(index, 0), ZOOMS.length - 1)];
    localStorage.setItem("fercore.zoom", String(zoom));
    this.root.style.setProperty("--fc-zoom", String(zoom));
    if (step) this.grid.querySelector("[data-at]")?.scrollIntoView({ block: "nearest" });
  }

  lift(step) {
    this.lifted = (this.lifted + step) % LIFTS.length;
    this.root.dataset.lift = String(this.lifted);
    this.changed();
  }

  smooth(step) {
    const is = (localStorage.getItem("fercore.smooth") === "yes") !== Boolean(step);
    localStorage.setItem("fercore.smooth", is ? "yes" : "no");
    this.root.dataset.smooth = is ? "yes" : "no";
  }

  // The picture that all tiles take their faces from.
  draw(faces) {
    if (this.url) URL.revokeObjectURL(this.url);
    const picture = new Image();
    picture.src = this.url = sheet(faces, this.lifted);
    this.grid.style.setProperty("--fc-sheet", `url(${this.url})`);
    this.grid.style.setProperty("--fc-faces", String(faces.length));
    return picture;
  }

  // Width, height and distance of the tiles in pixels.
  get tile() {
    const style = getComputedStyle(this.root);
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const side = 48 * Number(style.getPropertyValue("--fc-zoom") || 2);
    return { width: side + 4, height: side + 4 + 1.15 * rem, gap: 4 };
  }

  // In the strip above a large face.
  get stripTile() {
    return { ...this.tile, width: 52 };
  }

  close() {
    if (this.url) URL.revokeObjectURL(this.url);
  }
}
