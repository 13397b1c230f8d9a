// Visibility: the number of faces that the window has room for, and the faces that have been in view.

const ENOUGH = 0.75; // of a tile
const ROWS = 3; // with fewer, the page is scrolled
const LEAST_ROWS = 2;
const PADDING_PX = 3; // of the grid
const MOST_FACES = 200;
const MARGIN_PX = 16;

class Sight {
  // `changed()` is called when other faces are in view than before.
  constructor(root, grid, changed) {
    this.root = root;
    this.grid = grid;
    this.changed = changed;
    this.seen = new Set();
    this.visible = new Set();
  }

  // A page begins: nothing of it has been seen.
  begin(nodes) {
    this.watch?.disconnect();
    this.seen.clear();
    this.visible.clear();
    this.watch = new IntersectionObserver((entries) => this.look(entries), { threshold: ENOUGH });
    for (const node of nodes) this.watch.observe(node);
  }

  look(entries) {
    for (const { target, intersectionRatio } of entries) {
      const index = Number(target.dataset.index);
      if (intersectionRatio < ENOUGH) this.visible.delete(index);
      else {
        this.visible.add(index);
        this.seen.add(index);
      }
    }
    this.changed();
  }

  // Where the page scrolls: Streamlit's own area, not the window.
  get area() {
    return this.grid.closest("[data-testid=stMain]") || document.scrollingElement;
  }

  // How high the grid can be below what stands above it. A window that is too low for that is scrolled to the grid's
  // first line, or where its lines take too much of the window, to the faces.
  measure(tile) {
    const top = (node) => node.getBoundingClientRect().top + this.area.scrollTop;
    const [first, faces] = [top(this.root), top(this.grid)];
    const header = document.querySelector("[data-testid=stHeader]")?.getBoundingClientRect().height || 0;
    const places = [
      { room: innerHeight - faces, to: null, least: ROWS },
      { room: innerHeight - header - (faces - first), to: first - header, least: LEAST_ROWS },
      { room: innerHeight - header - MARGIN_PX, to: faces - header - MARGIN_PX, least: 0 },
    ];
    const place = places.find(({ room, least }) => this.rows(room - MARGIN_PX, tile) >= least);
    this.scrollTo = place.to;
    this.height = Math.max(place.room - MARGIN_PX, tile.height + tile.gap + MARGIN_PX);
    this.root.style.minHeight = place.to === null ? "" : `${innerHeight + faces - first}px`; // enough to scroll
    this.grid.style.setProperty("--fc-height", `${Math.floor(this.height)}px`);
  }

  rows(height, tile) {
    return Math.floor((height - 2 * PADDING_PX + tile.gap) / (tile.height + tile.gap));
  }

  // How many whole tiles fit.
  capacity(tile, large) {
    this.measure(tile);
    const width = this.grid.clientWidth - 2 * PADDING_PX;
    const columns = Math.max(1, Math.floor((width + tile.gap) / (tile.width + tile.gap)));
    return Math.min(columns * (large ? 1 : Math.max(1, this.rows(this.height, tile))), MOST_FACES);
  }

  scroll() {
    if (this.scrollTo !== null) this.area.scrollTo({ top: this.scrollTo, behavior: "instant" });
  }

  close() {
    this.watch?.disconnect();
  }
}
