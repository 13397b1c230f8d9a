// A square on a photo, drawn or taken from what the detector found: a face cut anew, or one that it missed. Boxes are
// in full pixels.

const CUTTER = `
  <strong></strong>
  <div class="fc-cut-body">
    <div class="fc-photo" tabindex="0"><img draggable="false"><div class="fc-box" hidden></div></div>
    <div class="fc-cut-side"><canvas class="fc-crop"></canvas>
      <label class="fc-cut-label" hidden><span></span><select></select></label><p class="fc-cut-says" role="status"></p>
      <div class="fc-cut-keys"></div></div>
  </div>
  <div class="fc-cut-buttons"><button type="button" class="fc-button fc-confirm"></button>
    <button type="button" class="fc-button"></button></div>`;

const DRAG_PX = 4; // a shorter drag is a click

class Cutter {
  // `cut(id, box, emotion)` is called with what was drawn, `left()` when the dialog is closed; where there is no photo it
  // closes, and `refused(why)` is called. The label of a new face is null until one is chosen.
  constructor(dialog, words, { cut, left, refused }) {
    this.dialog = dialog;
    this.words = words;
    this.cut = cut;
    this.refused = refused;
    dialog.innerHTML = CUTTER; // a constant: no word of a user is in it
    this.photo = dialog.querySelector(".fc-photo");
    this.image = dialog.querySelector("img");
    this.image.alt = words.photo;
    this.box = dialog.querySelector(".fc-box");
    this.says = dialog.querySelector(".fc-cut-says");
    [this.accept, this.cancel] = dialog.querySelectorAll("button");
    this.label = dialog.querySelector(".fc-cut-label");
    this.label.querySelector("span").textContent = words.label;
    this.choice = this.label.querySelector("select");
    this.choice.append(new Option(words.none, ""), ...words.emotions.map((name, i) => new Option(`${i + 1} ${name}`, i)));
    this.cancel.textContent = words.cancel;
    this.accept.addEventListener("click", () => this.take());
    this.cancel.addEventListener("click", () => dialog.close());
    this.photo.addEventListener("pointerdown", (event) => this.begin(event));
    this.photo.addEventListener("pointermove", (event) => this.drag(event));
    this.photo.addEventListener("pointerup", (event) => this.end(event));
    this.photo.addEventListener("pointercancel", () => (this.from = null));
    this.image.addEventListener("load", () => this.draw());
    dialog.addEventListener("keydown", (event) => this.key(event));
    dialog.addEventListener("close", () => {
      this.faceId = null;
      left();
    });
  }

  // What the dialog says: a crop in place of a bad one, or a new face.
  speak(adding) {
    const { words, dialog } = this;
    const { title, accept, keys } = adding ? words.adding : words;
    dialog.setAttribute("aria-label", title);
    dialog.querySelector("strong").textContent = title;
    this.accept.textContent = accept;
    dialog.querySelector(".fc-cut-keys").replaceChildren(...keys.map(([key, name]) => {
      const node = element("span", "fc-key");
      node.append(element("kbd", "", key), element("span", "", name));
      return node;
    }));
  }

  // Open at once; the photo follows.
  open(id, adding = false) {
    this.faceId = id;
    this.adding = adding;
    this.label.hidden = !adding;
    this.choice.value = "";
    this.at = undefined;
    this.speak(adding);
    this.square = null;
    this.found = [];
    this.image.removeAttribute("src");
    this.say(this.words.loading);
    this.photo.querySelectorAll(".fc-found, .fc-there").forEach((node) => node.remove());
    this.there = [];
    this.draw();
    if (!this.dialog.open) this.dialog.showModal();
    this.photo.focus(); // not a button: Enter shall cut
  }

  show(photo) {
    if (photo.id !== this.faceId || this.image.hasAttribute("src")) return;
    if (photo.problem) {
      this.dialog.close(); // there is nothing to draw on
      return this.refused(photo.problem);
    }
    this.size = photo.size;
    this.smallest = Math.min(photo.smallest, ...photo.size);
    this.found = this.adding ? photo.missed : photo.found;
    this.there = this.adding ? photo.faces : [];
    this.image.src = `data:image/jpeg;base64,${photo.picture}`;
    this.photo.append(...this.found.map(() => element("div", "fc-found")));
    this.photo.append(...this.there.map(() => element("div", "fc-there")));
    const [left, top, width, height] = (!this.adding && photo.box) || this.found[0] || this.middleOf(photo.size);
    this.set(left + width / 2, top + height / 2, Math.max(width, height));
    this.say(this.adding ? this.words.adding.draw : this.words.draw);
  }

  // Where nothing was found: the whole photo to cut anew, a part of it for a new face.
  middleOf([width, height]) {
    const side = Math.min(width, height) / 3;
    return this.adding ? [(width - side) / 2, (height - side) / 2, side, side] : [0, 0, width, height];
  }

  say(text) {
    this.says.textContent = text;
    this.busy = false;
    this.draw();
  }

  close() {
    if (this.dialog.open) this.dialog.close();
  }

  take() {
    if (!this.square || this.busy) return;
    this.say(this.words.cutting);
    this.busy = true;
    this.accept.disabled = true;
    this.cut(this.faceId, this.square, this.choice.value === "" ? null : Number(this.choice.value));
  }

  // The square around a middle, as large as the photo allows and no smaller than a face may be.
  set(x, y, side) {
    const [width, height] = this.size;
    const whole = Math.round(Math.min(Math.max(side, this.smallest), width, height));
    const left = Math.round(Math.min(Math.max(x - whole / 2, 0), width - whole));
    const top = Math.round(Math.min(Math.max(y - whole / 2, 0), height - whole));
    this.square = [left, top, whole, whole];
    this.draw();
  }

  get middle() {
    const [left, top, side] = this.square;
    return [left + side / 2, top + side / 2, side];
  }

  point(event) {
    const shown = this.image.getBoundingClientRect();
    const scale = this.size[0] / shown.width;
    return [(event.clientX - shown.left) * scale, (event.clientY - shown.top) * scale, scale];
  }

  begin(event) {
    if (!this.square || this.busy || event.button) return;
    this.from = this.point(event);
    this.photo.setPointerCapture(event.pointerId);
  }

  drag(event) {
    if (!this.from) return;
    const [x, y, scale] = this.point(event);
    const [fromX, fromY] = this.from;
    const side = Math.max(Math.abs(x - fromX), Math.abs(y - fromY));
    if (side < DRAG_PX * scale) return;
    this.set(fromX + (Math.sign(x - fromX) * side) / 2, fromY + (Math.sign(y - fromY) * side) / 2, side);
  }

  // A click takes the smallest found face that it meets.
  end(event) {
    if (!this.from) return;
    const [x, y, scale] = this.point(event);
    const moved = Math.max(Math.abs(x - this.from[0]), Math.abs(y - this.from[1]));
    this.from = null;
    if (moved >= DRAG_PX * scale) return;
    const met = this.found.filter(([left, top, width, height]) =>
      x >= left && x <= left + width && y >= top && y <= top + height);
    if (met.length) this.choose(met.sort((a, b) => a[2] - b[2])[0]);
  }

  choose([left, top, width, height]) {
    this.set(left + width / 2, top + height / 2, Math.max(width, height));
  }

  key(event) {
    event.stopPropagation(); // Streamlit binds keys, too
    if (!this.square || this.busy || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target === this.choice) return; // a menu has keys of its own
    const digit = /^(?:Digit|Numpad)([0-7])$/.exec(event.code);
    if (digit && this.adding) {
      this.choice.value = digit[1] === "0" ? "" : String(Number(digit[1]) - 1);
      return;
    }
    const [x, y, side] = this.middle;
    const step = event.shiftKey ? 1 : Math.max(1, Math.round(side / 20));
    const act = {
      ArrowLeft: () => this.set(x - step, y, side),
      ArrowRight: () => this.set(x + step, y, side),
      ArrowUp: () => this.set(x, y - step, side),
      ArrowDown: () => this.set(x, y + step, side),
      Equal: () => this.set(x, y, side + 2 * step),
      NumpadAdd: () => this.set(x, y, side + 2 * step),
      Minus: () => this.set(x, y, side - 2 * step),
      NumpadSubtract: () => this.set(x, y, side - 2 * step),
      KeyN: () => this.next(),
      Enter: () => !event.repeat && this.take(),
      NumpadEnter: () => !event.repeat && this.take(),
    }[event.code];
    if (!act || (event.code.endsWith("Enter") && event.target === this.cancel)) return;
    event.preventDefault();
    act();
  }

  next() {
    if (!this.found.length) return;
    this.at = ((this.at ?? -1) + 1) % this.found.length;
    this.choose(this.found[this.at]);
  }

  draw() {
    const ready = Boolean(this.square && this.image.naturalWidth);
    this.photo.classList.toggle("fc-ready", ready);
    this.box.hidden = !ready;
    this.accept.disabled = !ready || Boolean(this.busy);
    const crop = this.dialog.querySelector(".fc-crop");
    crop.width = crop.height = FACE_PX;
    if (!ready) return;
    this.put(this.box, this.square);
    this.photo.querySelectorAll(".fc-found").forEach((node, index) => this.put(node, this.found[index]));
    this.photo.querySelectorAll(".fc-there").forEach((node, index) => this.put(node, this.there[index]));
    const scale = this.image.naturalWidth / this.size[0];
    const context = crop.getContext("2d");
    context.filter = "grayscale(1)";
    context.imageSmoothingQuality = "high";
    context.drawImage(this.image, ...this.square.map((value) => value * scale), 0, 0, FACE_PX, FACE_PX);
  }

  put(node, [left, top, width, height]) {
    const share = (value, whole) => `${(100 * value) / whole}%`;
    node.style.left = share(left, this.size[0]);
    node.style.top = share(top, this.size[1]);
    node.style.width = share(width, this.size[0]);
    node.style.height = share(height, this.size[1]);
  }
}
