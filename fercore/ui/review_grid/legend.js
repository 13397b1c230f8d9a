// What each key does: a legend above the faces, and a sheet with all of them. A click does the same as the key.

class Legend {
  // `press(code)` does what the key does, `left()` is called when the sheet is closed.
  constructor(root, words, press, left) {
    this.node = root.querySelector(".fc-legend");
    this.words = words;
    this.press = press;
    this.sheet = root.querySelector(".fc-sheet");
    this.buildSheet(left);
  }

  get open() {
    return this.sheet.open;
  }

  show() {
    this.sheet.showModal();
    this.sheet.querySelector(":scope > button").focus(); // not the first key: Enter closes and decides nothing
  }

  // While the sheet is open, the key that opened it closes it, as Escape does.
  key(event) {
    if (event.code !== "Slash") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!event.repeat) this.sheet.close();
  }

  // Both rows of keys lie on each other, so that the faces below stay where they are.
  draw(rejecting) {
    if (!this.node.firstChild) this.buildRows();
    this.node.classList.toggle("fc-rejecting", rejecting);
    for (const row of this.node.children) {
      const shown = row.classList.contains("fc-reasons") === rejecting;
      row.classList.toggle("fc-unused", !shown);
      row.inert = !shown;
    }
  }

  buildRows() {
    const names = Object.values(this.words.reasons).map((name, i) => [String(i + 1), name, `Digit${i + 1}`]);
    const reasons = element("div", "fc-keys fc-reasons");
    reasons.append(element("strong", "", this.words.why));
    reasons.append(...[...names, ...this.words.rejectKeys].map((row) => this.keyNode(row)));
    const keys = element("div", "fc-keys");
    keys.append(...[...this.emotionKeys(), ...this.words.otherKeys].map((row) => this.keyNode(row)));
    this.node.append(keys, reasons);
  }

  emotionKeys() {
    return this.words.emotions.map(({ name, colour }, i) => [String(i + 1), name, `Digit${i + 1}`, colour]);
  }

  keyNode([key, name, code, colour]) {
    const node = element(code ? "button" : "span", "fc-key");
    if (colour) node.style.setProperty("--fc-emotion", colour);
    node.append(element("kbd", "", key), element("span", colour ? "fc-colour" : "", name));
    if (code) {
      node.type = "button";
      node.tabIndex = -1;
      node.addEventListener("click", () => {
        this.sheet.close();
        this.press(code);
      });
    }
    return node;
  }

  buildSheet(left) {
    this.sheet.setAttribute("aria-label", this.words.sheet);
    this.sheet.querySelector("strong").textContent = this.words.sheet;
    const once = this.words.otherKeys.filter(([key]) => key !== "?" && key !== "PgUp PgDn"); // "Page Up", "Page Down"
    const rows = [...this.emotionKeys(), ...once, ...this.words.moreKeys];
    this.sheet.querySelector(".fc-sheet-keys").append(...rows.map((row) => this.keyNode(row)));
    const close = this.sheet.querySelector(":scope > button");
    close.className = "fc-button";
    close.textContent = this.words.close;
    close.addEventListener("click", () => this.sheet.close());
    this.sheet.addEventListener("keydown", (event) => event.stopPropagation()); // Streamlit binds keys, too
    this.sheet.addEventListener("close", left);
  }
}
