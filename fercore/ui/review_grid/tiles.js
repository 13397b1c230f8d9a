// Drawing: one element per face, and the large view beside the grid. All text goes in as textContent.

const FACE_PX = 48;

function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

function paint(canvas, gray, lift) {
  canvas.width = canvas.height = FACE_PX;
  const context = canvas.getContext("2d");
  const image = context.createImageData(FACE_PX, FACE_PX);
  const bytes = tones(atob(gray), lift);
  const opaque = new Uint32Array(image.data.buffer);
  for (let i = 0; i < bytes.length; i += 1) opaque[i] = 0xff000000 | (bytes[i] * 0x010101);
  context.putImageData(image, 0, 0);
}

// All faces of a page below each other as one picture: a canvas for each would be a layer of its own for the browser to
// put together in every frame. An uncompressed bitmap (256 grays, rows from the top) needs no encoding.
function sheet(faces, lift) {
  const colours = 54 + 4 * 256;
  const bytes = new Uint8Array(colours + faces.length * FACE_PX * FACE_PX);
  const header = new DataView(bytes.buffer);
  header.setUint16(0, 0x424d); // "BM"
  for (const [at, value] of [[2, bytes.length], [10, colours], [14, 40], [18, FACE_PX], [46, 256]]) {
    header.setUint32(at, value, true);
  }
  header.setInt32(22, -faces.length * FACE_PX, true); // rows from the top
  header.setUint16(26, 1, true); // planes
  header.setUint16(28, 8, true); // bits a pixel
  for (let gray = 0; gray < 256; gray += 1) header.setUint32(54 + 4 * gray, gray * 0x010101, true);
  faces.forEach((face, index) => bytes.set(tones(atob(face.gray), lift), colours + index * FACE_PX * FACE_PX));
  return URL.createObjectURL(new Blob([bytes], { type: "image/bmp" }));
}

function makeTile(face, index, words, place) {
  const node = element("div", "fc-tile");
  node.id = `fc-face-${face.id}`;
  node.setAttribute("role", "option");
  node.dataset.testid = "face-tile";
  node.dataset.faceId = face.id;
  node.dataset.index = index;
  const picture = element("div", "fc-face");
  picture.setAttribute("aria-hidden", "true");
  picture.style.backgroundPositionY = `${100 * place}%`;
  node.append(picture, element("span", "fc-mark"), element("span", "fc-remark"), element("span", "fc-label"));
  markTile(node, face, words);
  return node;
}

const MARKS = { undecided: "", decided: "✓", labelled: "✓", confirmed: "✓", relabelled: "↻", rejected: "✕", unsure: "…", disputed: "≠" };

function emotionText(face, words) {
  if (face.hides && face.emotion === null) return words.hidden;
  return face.emotion === null ? words.unlabelled : words.emotions[face.emotion].name;
}

// A face that came without a label, as an added one, was labelled and not relabelled.
function stateOf(face) {
  return face.state === "relabelled" && face.sourceless ? "labelled" : face.state;
}

function stateText(face, words) {
  if (face.state === "rejected" && face.reason) return `${words.states.rejected}: ${words.reasons[face.reason]}`;
  return words.states[stateOf(face)];
}

function markTile(node, face, words) {
  const emotion = face.emotion === null ? null : words.emotions[face.emotion];
  node.dataset.emotion = emotion ? emotion.key : "";
  node.dataset.state = face.state;
  node.dataset.mine = face.mine;
  node.style.setProperty("--fc-emotion", emotion ? emotion.colour : "transparent");
  const doubted = face.doubtful && face.state === "undecided";
  node.dataset.doubtful = Boolean(face.doubtful);
  node.querySelector(".fc-mark").textContent = doubted ? "?" : MARKS[stateOf(face)];
  node.dataset.elsewhere = Boolean(face.elsewhere);
  const digit = face.emotion === null ? "?" : face.emotion + 1;
  node.querySelector(".fc-label").textContent = `${digit} ${emotionText(face, words)}`;
  const noted = Boolean(face.note) || Boolean(face.othersNoted);
  node.dataset.flagged = Boolean(face.flagged);
  node.dataset.noted = noted;
  node.querySelector(".fc-remark").textContent = `${face.flagged ? "⚑" : ""}${noted ? "✎" : ""}`;
  const remarks = `${face.flagged ? `, ${words.remarks.isFlagged}` : ""}${noted ? `, ${words.remarks.hasNote}` : ""}`;
  const doubt = doubted ? `, ${words.doubtful}` : "";
  node.setAttribute("aria-label", `${emotionText(face, words)}, ${stateText(face, words)}${doubt}${remarks}`);
}

function drawDetail(aside, face, detail, words, lift) {
  paint(aside.querySelector(".fc-large"), face.gray, lift);
  aside.querySelector(".fc-name").textContent = emotionText(face, words);
  aside.querySelector(".fc-state").textContent = stateText(face, words);
  const surroundings = aside.querySelector(".fc-context");
  const facts = aside.querySelector(".fc-facts");
  const past = aside.querySelector(".fc-history");
  surroundings.hidden = !(detail && detail.context);
  facts.replaceChildren();
  past.replaceChildren();
  if (!detail) return;
  if (detail.context) surroundings.src = `data:image/jpeg;base64,${detail.context}`;
  for (const [name, value] of detail.facts) {
    facts.append(element("dt", "", name), element("dd", "", value));
  }
  for (const event of detail.history) past.append(element("li", "", event));
}

// Faces of the same photo and of the same person, each with its label as this reviewer may see it.
function drawNeighbours(aside, detail, words, lift, look) {
  const section = aside.querySelector(".fc-near");
  const near = detail ? detail.near : [];
  section.hidden = !near.length;
  section.querySelector("h4").textContent = words.near;
  section.querySelector(".fc-near-faces").replaceChildren(...near.map((face) => {
    const node = element("button", "fc-near-face");
    node.type = "button";
    node.tabIndex = -1;
    const canvas = element("canvas", "fc-face");
    canvas.setAttribute("aria-hidden", "true");
    paint(canvas, face.gray, lift);
    const label = `${emotionText(face, words)} ${MARKS[stateOf(face)]}`.trim();
    node.append(canvas, element("span", "", label), element("span", "fc-near-why", face.why));
    node.setAttribute("aria-label", `${emotionText(face, words)}, ${stateText(face, words)}, ${face.why}`);
    node.addEventListener("click", () => look(face.id));
    return node;
  }));
}
