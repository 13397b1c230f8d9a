// Pictures and clips that the page itself gets are handed to Streamlit's file uploader, as if they were dropped there:
// one way in, one limit, one list from which they are taken off again.

const MOST_FILES = 50; // of one paste or drop

function made(tag, name, text = "") {
  const node = document.createElement(tag);
  node.className = name;
  node.textContent = text;
  return node;
}

// Hands files to the uploader of this key; false where it is not on the page.
function hand(files, key) {
  const input = document.querySelector(`.st-key-${key} input[type=file]`);
  if (!input || input.disabled) return false;
  const transfer = new DataTransfer();
  for (const file of [...files].slice(0, MOST_FILES)) transfer.items.add(file);
  input.files = transfer.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  return true;
}

// Pictures of the clipboard are all called the same: a number tells them apart.
function named(blob, number) {
  const kind = blob.type.split("/")[1]?.split(/[+;]/)[0] || "png";
  return new File([blob], `pasted-${number}.${kind === "jpeg" ? "jpg" : kind}`, { type: blob.type });
}

function picturesOf(transfer) {
  const items = [...(transfer?.items || [])].filter((item) => item.kind === "file" && item.type.startsWith("image/"));
  return items.map((item) => item.getAsFile()).filter(Boolean);
}

function isWriting(node) {
  return Boolean(node?.closest?.("input, textarea, select, [contenteditable=true]"));
}
