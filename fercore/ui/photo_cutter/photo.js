// A face added to a photo of a dataset: the same dialog as in Review, opened by a button. Each square is an event whose
// number is made here, so that one that arrives twice is stored once.

const BUTTON = `<button type="button" class="fc-button"></button> <span role="status"></span>
  <dialog class="fc-cutter"></dialog>`;

class PhotoCutter {
  constructor(root, component) {
    this.root = root;
    root.innerHTML = BUTTON; // a constant: no word of a user is in it
    this.button = root.querySelector("button");
    this.says = root.querySelector("[role=status]");
    this.cutter = new Cutter(root.querySelector("dialog"), component.data.words, {
      cut: (...drawn) => this.cut(...drawn),
      left: () => this.button.focus(),
      refused: (why) => (this.says.textContent = why),
    });
    this.button.textContent = component.data.words.adding.button;
    this.button.addEventListener("click", () => this.open());
  }

  open() {
    this.says.textContent = "";
    this.cutter.open(this.photo.id, true);
    if (this.photo.picture || this.photo.problem) this.cutter.show(this.photo);
    else this.send("message", { opens: this.photo.id });
  }

  cut(photo, box, emotion) {
    this.sent = uuid();
    this.send("message", { event: { type: "add", id: this.sent, action: uuid(), photo, box, emotion } });
  }

  update({ data, setTriggerValue }) {
    this.send = setTriggerValue;
    this.photo = data.photo;
    const { cutter } = this;
    if (cutter.dialog.open && cutter.faceId !== data.photo.id) cutter.close();
    if (cutter.dialog.open) cutter.show(data.photo);
    if (!data.answer || data.answer.id !== this.sent) return;
    this.sent = null;
    if (data.answer.problem) cutter.say(data.answer.problem);
    else cutter.close();
  }
}

export default function photoCutter(component) {
  const root = component.parentElement.querySelector(".fc-root");
  if (!root.fercoreCutter) root.fercoreCutter = new PhotoCutter(root, component);
  root.fercoreCutter.update(component);
  return () => {
    root.fercoreCutter?.cutter.close();
    delete root.fercoreCutter;
  };
}
