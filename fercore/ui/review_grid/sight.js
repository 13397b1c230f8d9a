// What of a page is in view: how many faces the window has room for, and which of them have been seen.

const ENOUGH = 0.75; // of a tile
const LEAST_ROWS = 2;
const MOST_FACES = 200;
const MARGIN_PX = 16;

class Sight {
  // `changed()` is called when other faces are in view than before.
  constructor(grid, changed) {
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

  // How high the grid can be below what stands above it; a window that is too low for that is scrolled to the grid.
  measure(tile) {
    const above = this.grid.getBoundingClientRect().top + this.area.scrollTop;
    const least = LEAST_ROWS * (tile.height + tile.gap) + MARGIN_PX;
    this.scrolls = innerHeight - above - MARGIN_PX < least;
    const free = this.scrolls ? innerHeight - this.barHeight : innerHeight - above;
    this.height = Math.max(free - MARGIN_PX, tile.height + tile.gap + MARGIN_PX);
    this.grid.style.setProperty("--fc-height", `${Math.floor(this.height)}px`);
  }

  // What stays above the faces where the window is scrolled to them: Streamlit's header and the grid's first line.
  get barHeight() {
    const header = document.querySelector("[data-testid=stHeader]")?.getBoundingClientRect().height || 0;
    return header + MARGIN_PX;
  }

  // How many whole tiles fit.
  capacity(tile, large) {
    this.measure(tile);
    const style = getComputedStyle(this.grid);
    const pad = parseFloat(style.paddingLeft) + parseFloat(style.paddingRight);
    const columns = Math.max(1, Math.floor((this.grid.clientWidth - pad + tile.gap) / (tile.width + tile.gap)));
    const rows = large ? 1 : Math.max(1, Math.floor((this.height - pad + tile.gap) / (tile.height + tile.gap)));
    return Math.min(columns * rows, MOST_FACES);
  }

  scrollToGrid() {
    if (!this.scrolls) return;
    const top = this.grid.getBoundingClientRect().top + this.area.scrollTop - this.barHeight;
    this.area.scrollTo({ top, behavior: "instant" });
  }

  close() {
    this.watch?.disconnect();
  }
}
