// Page size: as many faces as the window shows.

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
