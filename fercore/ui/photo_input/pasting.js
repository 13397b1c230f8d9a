// Pictures that are pasted anywhere on the page, or dropped beside the uploader; a button does the same without a key.

const DROPZONE = "[data-testid=stFileUploaderDropzone]";

class Pasting {
  constructor(root, tell) {
    this.tell = tell;
    this.count = 0;
    this.button = made("button", "fci-button");
    this.button.type = "button";
    this.button.dataset.testid = "paste";
    this.button.hidden = !navigator.clipboard?.read;
    this.button.addEventListener("click", () => this.read());
    this.hint = made("span", "fci-hint fci-keys");
    root.append(this.button, this.hint);
    this.heard = { paste: (event) => this.paste(event), dragover: (event) => this.over(event), drop: (event) => this.drop(event) };
    for (const [name, act] of Object.entries(this.heard)) document.addEventListener(name, act);
  }

  update({ words, uploader }) {
    this.words = words;
    this.uploader = uploader;
    this.button.textContent = words.paste;
    this.hint.textContent = words.pasteHint;
  }

  paste(event) {
    const pictures = picturesOf(event.clipboardData);
    const isText = isWriting(event.target) && event.clipboardData?.getData("text/plain");
    if (!pictures.length || isText) return;
    event.preventDefault();
    this.take(pictures);
  }

  take(blobs) {
    const files = blobs.map((blob) => named(blob, ++this.count));
    this.tell(hand(files, this.uploader) ? this.words.pasted : this.words.unready);
  }

  async read() {
    try {
      const items = await navigator.clipboard.read();
      const kinds = items.map((item) => [item, item.types.find((type) => type.startsWith("image/"))]).filter(([, type]) => type);
      const blobs = await Promise.all(kinds.map(([item, type]) => item.getType(type)));
      if (blobs.length) this.take(blobs);
      else this.tell(this.words.empty);
    } catch {
      this.tell(this.words.forbidden);
    }
  }

  // A browser shows a file that is dropped beside the uploader in place of the page.
  over(event) {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  }

  drop(event) {
    const files = event.dataTransfer?.files || [];
    if (!files.length || event.target?.closest?.(DROPZONE)) return;
    event.preventDefault();
    this.tell(hand(files, this.uploader) ? "" : this.words.unready);
  }

  end() {
    for (const [name, act] of Object.entries(this.heard)) document.removeEventListener(name, act);
  }
}
