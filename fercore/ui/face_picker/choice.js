// A photo with its faces: a box on each, chosen by a click, a tap or the keyboard, and a row of large buttons below it.
// What is chosen shows at once; Python is told when the keys rest.

const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1, Home: -Infinity, End: Infinity };
const RESTING_MS = 150;
const NEAR_THE_TOP = 0.08; // of the photo's height: a number above the box would lie outside
const GROWING_MS = [200, 600, 1200];
const CROWD = 30; // numbers of more faces would cover them
const LEAVING = ["touchstart", "wheel", "keydown"];
const NARROW = "(max-width: 640px)";

function made(tag, name, text = "") {
  const node = document.createElement(tag);
  node.className = name;
  node.textContent = text;
  return node;
}

function box(face, number) {
  const node = made("button", "fcp-box");
  node.type = "button";
  node.setAttribute("role", "radio");
  node.setAttribute("aria-label", face.label);
  node.title = face.label;
  for (const side of ["left", "top", "width", "height"]) node.style[side] = `${100 * face[side]}%`;
  node.style.setProperty("--fcp-colour", face.colour);
  const badge = made("span", face.top < NEAR_THE_TOP ? "fcp-badge fcp-below" : "fcp-badge", String(number));
  badge.setAttribute("aria-hidden", "true");
  node.append(badge);
  return node;
}

// The same choice once more, large enough for a finger: for the eye alone, as the boxes are there for everybody.
function chip(face, number) {
  const node = made("button", "fcp-chip", `${number} · ${face.name}`);
  node.type = "button";
  node.tabIndex = -1;
  node.style.setProperty("--fcp-colour", face.colour);
  return node;
}

class FacePicker {
  constructor(root) {
    this.root = root;
    this.figure = made("figure", "fcp-figure");
    this.picture = made("img", "fcp-picture");
    this.picture.dataset.testid = "photo";
    this.faces = made("div", "fcp-faces");
    this.faces.setAttribute("role", "radiogroup");
    this.chips = made("div", "fcp-chips");
    this.chips.setAttribute("aria-hidden", "true");
    this.status = made("p", "fcp-status");
    this.status.setAttribute("role", "status");
    this.figure.append(this.picture, this.faces);
    root.replaceChildren(this.figure, this.status, this.chips);
    this.boxes = [];
    this.told = null;
    this.faces.addEventListener("keydown", (event) => this.step(event));
    this.leave = () => (this.isLeft = true);
    for (const name of LEAVING) document.addEventListener(name, this.leave, { passive: true });
  }

  update({ data, setTriggerValue }) {
    this.send = setTriggerValue;
    if (this.picture.src !== data.picture) {
      this.picture.src = data.picture;
      this.told = null;
      this.isAwaited = data.isNew;
      this.isLeft = false;
    }
    this.picture.alt = data.alt;
    this.figure.style.setProperty("--fcp-ratio", data.ratio);
    this.figure.classList.toggle("fcp-reading", data.isReading);
    this.status.textContent = data.status;
    this.faces.setAttribute("aria-label", data.group);
    this.fill(data.faces);
    if (this.isAwaited) this.arrive(data.isReading);
    // An answer to an earlier choice does not undo a later one.
    if (this.told === null || this.told === data.chosen) {
      this.told = null;
      this.mark(data.chosen);
    }
  }

  fill(faces) {
    const drawn = JSON.stringify(faces);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const hadFocus = this.faces.contains(document.activeElement);
    this.order = faces.map((_, place) => place).sort((a, b) => faces[a].left + faces[a].width / 2 - faces[b].left - faces[b].width / 2);
    this.boxes = faces.map((face, place) => box(face, place + 1));
    const chips = faces.map((face, place) => chip(face, place + 1));
    for (const group of [this.boxes, chips]) group.forEach((node, place) => node.addEventListener("click", () => this.choose(place, 0)));
    this.faces.replaceChildren(...this.boxes);
    this.faces.hidden = !faces.length;
    this.faces.classList.toggle("fcp-crowd", faces.length > CROWD);
    this.chips.replaceChildren(...(faces.length > 1 ? chips : []));
    this.refocus = hadFocus;
  }

  mark(place) {
    this.chosen = place;
    this.boxes.forEach((node, at) => {
      node.setAttribute("aria-checked", String(at === place));
      node.tabIndex = at === place ? 0 : -1;
    });
    const chips = [...this.chips.children];
    chips.forEach((node, at) => node.classList.toggle("fcp-chosen", at === place));
    if (chips[place]) this.chips.scrollTop = chips[place].offsetTop - this.chips.offsetTop - chips[place].offsetHeight;
    if (this.refocus) this.boxes[place]?.focus();
    this.refocus = false;
  }

  choose(place, delay) {
    this.mark(place);
    this.told = place;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send("picked", place), delay);
  }

  step(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isPick = event.code === "Enter" || event.code === "NumpadEnter" || event.code === "Space";
    if (!isPick && !(event.code in STEPS)) return;
    event.preventDefault();
    event.stopPropagation();
    const at = this.order.indexOf(this.boxes.indexOf(document.activeElement));
    if (at < 0) return;
    const place = this.order[isPick ? at : this.beside(at, STEPS[event.code])];
    this.boxes[place].focus();
    this.choose(place, isPick ? 0 : RESTING_MS);
  }

  // The ends are neighbours, as in every group of radio buttons.
  beside(at, step) {
    const last = this.order.length - 1;
    if (!Number.isFinite(step)) return step < 0 ? 0 : last;
    return (at + step + last + 1) % (last + 1);
  }

  end() {
    clearTimeout(this.timer);
    this.isLeft = true;
    for (const name of LEAVING) document.removeEventListener(name, this.leave);
  }

  // On a phone, a new photo lies below what it was chosen with. The page goes there, and again while it grows below the
  // photo, unless somebody scrolls.
  arrive(isReading) {
    this.isAwaited = isReading;
    if (!window.matchMedia(NARROW).matches) return;
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const go = () => this.isLeft || this.root.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
    go();
    if (!isReading) for (const delay of GROWING_MS) setTimeout(go, delay);
  }
}
