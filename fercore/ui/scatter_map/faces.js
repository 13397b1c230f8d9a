// Faces in words and pictures: tiles of a selection, and the card of the face in sight.

const SIDE = 48;

function made(tag, name, text) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text !== undefined) node.textContent = text;
  return node;
}

function pictureOf(gray, label) {
  const canvas = made("canvas", "fcm-picture");
  canvas.width = canvas.height = SIDE;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", label);
  if (!gray) return canvas;
  const image = new ImageData(SIDE, SIDE);
  const pixels = new Uint32Array(image.data.buffer);
  const bytes = atob(gray);
  for (let at = 0; at < pixels.length; at++) pixels[at] = 0xff000000 | (bytes.charCodeAt(at) * 0x010101);
  canvas.getContext("2d", { willReadFrequently: true }).putImageData(image, 0, 0);
  return canvas;
}

// What is known of a face, in the order of the columns: [name, words].
function wordsOf(face, columns, words) {
  return columns
    .filter(({ name, column }) => column && face[name] !== undefined)
    .map(({ name, label, column }) => {
      const entry = column.entries.find(({ code }) => code === face[name]);
      return [label, entry ? entryText(name, entry, words) : ""];
    });
}

function tile(face, columns, words, link) {
  const figure = made("figure", "fcm-tile");
  figure.dataset.testid = "map-face";
  figure.dataset.faceId = face.face;
  const said = wordsOf(face, columns, words).map(([, text]) => text);
  const way = made("a");
  way.href = link(face.face);
  way.append(pictureOf(face.gray, `#${face.face}, ${said.join(", ")}`));
  figure.append(way, made("figcaption", "", said[0] ?? ""));
  figure.title = `#${face.face} · ${said.join(" · ")}`;
  return figure;
}

function fillCard(card, face, columns, words) {
  const facts = made("dl");
  for (const [name, text] of wordsOf(face, columns, words)) facts.append(made("dt", "", name), made("dd", "", text));
  card.replaceChildren(pictureOf(face.gray, `#${face.face}`), made("strong", "", `#${face.face}`), facts);
}
