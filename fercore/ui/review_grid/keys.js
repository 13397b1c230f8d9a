// Keyboard: commands by key, and the keys that belong to the grid.

class Keys {
  constructor(grid) {
    this.grid = grid;
    this.onKey = (event) => this.key(event);
    window.addEventListener("keydown", this.onKey, true);
  }

  // Those pressed in the grid or nowhere, never in a field, a menu or on another button; what Streamlit lays over the
  // page while its server is away keeps none from it.
  isOurs(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return false;
    const target = event.composedPath()[0];
    if (this.grid.legend.open || this.grid.cutter.dialog.open || this.grid.remarks.dialog.open) return false;
    if (this.grid.grid.contains(target)) return true;
    const dialogs = [...document.querySelectorAll("[role=dialog], dialog[open], [data-baseweb=popover]")];
    if (dialogs.some((dialog) => !isConnectionDialog(dialog))) return false;
    if (isConnectionDialog(target.closest?.("[role=dialog]"))) return true;
    return !target.closest?.("input, textarea, select, button, a, summary, [contenteditable=true], [tabindex]");
  }

  key(event) {
    const { root, faces, legend } = this.grid;
    if (!root.isConnected) return;
    if (legend.open) {
      legend.key(event);
      return;
    }
    if (!faces.length || !this.isOurs(event)) return;
    const handled = this.command(event);
    if (handled || event.code === "KeyR" || event.code === "KeyC") {
      event.stopImmediatePropagation(); // Streamlit binds R and C for the whole page
      event.preventDefault();
    }
  }

  command(event) {
    const digit = /^(?:Digit|Numpad)([1-8])$/.exec(event.code);
    if (this.grid.waiting) return Boolean(digit) || event.code in this.commands;
    this.grid.begin();
    if (digit && !event.shiftKey) {
      if (!event.repeat) this.grid.decisions.digit(Number(digit[1]) - 1);
      return true;
    }
    const act = this.commands[event.code];
    if (!act) return false;
    // A reason that is asked for belongs to the face at which X was pressed.
    if (event.code !== "KeyX" && event.code !== "Escape") this.grid.decisions.setRejecting(false);
    act(event);
    return true;
  }

  get commands() {
    const { grid } = this;
    const last = () => grid.faces.length - 1;
    return {
      KeyX: () => grid.decisions.setRejecting(true),
      Escape: () => grid.escape(),
      KeyB: (event) => !event.repeat && grid.beside.openCutter(),
      KeyA: (event) => !event.repeat && grid.beside.openCutter(true),
      KeyF: (event) => !event.repeat && grid.large(!grid.isLarge),
      KeyZ: (event) => !event.repeat && grid.decisions.undo(),
      Enter: (event) => !event.repeat && grid.decisions.confirmPage(),
      NumpadEnter: (event) => !event.repeat && grid.decisions.confirmPage(),
      Space: () => grid.selection.toggle(grid.selection.focused),
      ArrowLeft: (event) => grid.selection.move(-1, event.shiftKey),
      ArrowRight: (event) => grid.selection.move(1, event.shiftKey),
      ArrowUp: (event) => grid.selection.move(-grid.selection.columns(), event.shiftKey),
      ArrowDown: (event) => grid.selection.move(grid.selection.columns(), event.shiftKey),
      Home: (event) => grid.selection.moveTo(0, event.shiftKey),
      End: (event) => grid.selection.moveTo(last(), event.shiftKey),
      PageUp: () => grid.turn("previous"),
      PageDown: () => grid.turn("next"),
      Equal: () => grid.appearance.zoom(1),
      NumpadAdd: () => grid.appearance.zoom(1),
      Minus: () => grid.appearance.zoom(-1),
      NumpadSubtract: () => grid.appearance.zoom(-1),
      KeyL: () => grid.appearance.lift(1),
      KeyS: () => grid.appearance.smooth(1),
      KeyG: (event) => !event.repeat && grid.remarks.flag(),
      KeyN: (event) => !event.repeat && grid.remarks.write(),
      Slash: () => grid.legend.show(),
    };
  }

  close() {
    window.removeEventListener("keydown", this.onKey, true);
  }
}
