// Ways in beside the uploader: `pasting` or `recording`, as Python asks.

class PhotoInput {
  constructor(root, kind) {
    const row = made("div", "fci-row");
    this.status = made("p", "fci-status");
    this.status.setAttribute("role", "status");
    root.replaceChildren(row, this.status);
    const Part = kind === "recording" ? Recording : Pasting;
    this.part = new Part(row, (message) => (this.status.textContent = message));
  }
}

export default function photoInput({ data, parentElement }) {
  const root = parentElement.querySelector(".fci-root");
  if (!root.fercoreInput) root.fercoreInput = new PhotoInput(root, data.kind);
  root.fercoreInput.part.update(data);
  return () => {
    root.fercoreInput?.part.end();
    delete root.fercoreInput;
  };
}
