// A button that hands an SVG over as PNG, drawn by the browser, which has the fonts; its words travel in the file.

const SCALE = 2;
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

function checksum(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) value = TABLE[(value ^ byte) & 255] ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

// PNG's chunk of international text: keyword, no compression, no language.
function textChunk(keyword, text) {
  const encoder = new TextEncoder();
  const content = new Uint8Array([...encoder.encode(`iTXt${keyword}`), 0, 0, 0, 0, 0, ...encoder.encode(text)]);
  const chunk = new Uint8Array(content.length + 8);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, content.length - 4);
  chunk.set(content, 4);
  view.setUint32(content.length + 4, checksum(content));
  return chunk;
}

async function described(blob, words) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const header = 33; // the signature and IHDR
  return new Blob([bytes.slice(0, header), textChunk("Description", words), bytes.slice(header)], { type: "image/png" });
}

async function drawn(svg) {
  const picture = new Image();
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await picture.decode();
  const canvas = document.createElement("canvas");
  canvas.width = picture.naturalWidth * SCALE;
  canvas.height = picture.naturalHeight * SCALE;
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

async function save(data) {
  const address = URL.createObjectURL(await described(await drawn(data.svg), data.words));
  const link = document.createElement("a");
  link.href = address;
  link.download = data.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export default function pngButton(component) {
  const { data, parentElement } = component;
  const button = parentElement.querySelector(".fcf-png");
  button.textContent = data.label;
  button.title = data.name;
  button.onclick = () => save(data);
}
