// Columns as the server packs them, their legend in words, and the colours of their entries: pure functions.

const NONE = 255;
const OTHERS = ["#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#F0E442", "#8C8C8C"];
const ANSWERS = ["#0072B2", "#D55E00"];
const BANDS = ["#2F5DA8", "#3F8FB8", "#4FB3A1", "#8CC665", "#D4C84A", "#F2A93B"];

// A line of JSON, a line feed, and a byte for each face.
function parsedColumn(bytes) {
  const end = bytes.indexOf(10);
  const entries = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end)));
  return { entries, codes: bytes.subarray(end + 1) };
}

function coloursOf(name, column, emotions) {
  if (name === "emotion") return emotions;
  if (name === "correct") return ANSWERS;
  if (column.entries.some((entry) => Array.isArray(entry.key))) return BANDS;
  return column.entries.map((_, at) => OTHERS[at % OTHERS.length]);
}

// Entries that a face has, in words; the last one may be of faces without any.
function legendOf(name, column, words, emotions) {
  const colours = coloursOf(name, column, emotions);
  return column.entries
    .filter((entry) => entry.count > 0)
    .map((entry) => ({
      code: entry.code,
      count: entry.count,
      text: entryText(name, entry, words),
      colour: entry.code === NONE ? null : colours[entry.code % colours.length],
    }));
}

function entryText(name, entry, words) {
  if (entry.code === NONE) return words.none[name] ?? words.none.other;
  if (Array.isArray(entry.key)) return bandText(entry.key);
  return name === "dataset" ? entry.key : (words.entries[entry.key] ?? entry.key);
}

function bandText([low, high]) {
  const digits = Math.max(Math.abs(low), Math.abs(high)) < 10 ? 2 : 0;
  const [from, to] = [low.toFixed(digits), high.toFixed(digits)];
  return from === to ? from : `${from} – ${to}`;
}

// The drawn category of each face: its code, or the last one for a face without.
function categories(column) {
  const last = column.entries.length - 1;
  return Float32Array.from(column.codes, (code) => (code === NONE ? last : code));
}

function mixed(colour, ground, share) {
  const part = (hex, at) => parseInt(hex.slice(1 + 2 * at, 3 + 2 * at), 16);
  const hex = [0, 1, 2].map((at) => Math.round(part(colour, at) * share + part(ground, at) * (1 - share)));
  return `#${hex.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

// A colour for each category; what is not picked fades into the ground.
function palette(name, column, look, picked) {
  const colours = coloursOf(name, column, look.emotions);
  return column.entries.map(({ code }) => {
    const plain = code === NONE ? mixed(look.text, look.ground, 0.45) : colours[code % colours.length];
    return picked.size && !picked.has(code) ? mixed(plain, look.ground, 0.12) : plain;
  });
}

// The root of the app from a page's path, also behind a base path and with a stroke at its end.
function rootOf(pathname, page) {
  const path = pathname.replace(/\/+$/u, "");
  return path.endsWith(`/${page}`) ? path.slice(0, -page.length) : `${path}/`;
}
