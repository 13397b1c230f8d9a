// Page size: as many faces as the window shows.

const SETTLED_MS = [400, 1500]; // after the first page is painted: what stands above it may come late

class Fit {
  constructor(grid) {
    this.grid = grid;
    this.measured = undefined; // once the first page of a visit is painted
  }

  get faces() {
    const { sight, appearance, isLarge } = this.grid;
    return sight.capacity(isLarge ? appearance.stripTile : appearance.tile, isLarge);
  }

  // The first page of a visit is as large as the server guessed; another one is asked for before it is drawn.
  suits({ guessed, tiles }) {
    return !guessed || tiles.length === this.faces || (tiles.length < guessed && tiles.length <= this.faces);
  }

  // The first page is measured again when everything stands where it stays; a window of another size is met by the next.
  watch(page) {
    const size = this.window;
    if (!page.fit || page.number !== 1) return;
    clearTimeout(this.timer);
    const look = (waits) => {
      if (!waits.length) return;
      this.timer = setTimeout(() => {
        const { grid } = this;
        const isTouched = grid.decisions.actions.length || grid.waiting || grid.begun === grid.pageId;
        if (grid.pageKey !== page.key || isTouched || this.window !== size) return;
        const more = this.faces > grid.faces.length && page.total > grid.faces.length;
        if (this.faces < grid.faces.length || more) grid.outbox.ask({ fits: this.faces });
        else look(waits.slice(1));
      }, waits[0]);
    };
    look(SETTLED_MS);
  }

  get window() {
    return `${innerWidth} × ${innerHeight}`;
  }

  close() {
    clearTimeout(this.timer);
  }

  // It is asked for again where less of it fits than when it was measured.
  outgrown({ number, fit }) {
    const { decisions, faces, outbox } = this.grid;
    if (!fit || number !== 1 || decisions.actions.length || this.measured !== undefined) return false;
    this.measured = this.faces;
    if (this.measured >= faces.length) return false;
    outbox.ask({ fits: this.measured });
    return true;
  }
}
