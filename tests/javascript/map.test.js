import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { Browser, same } from "./browser.js";

const columns = new Browser().tab("scatter_map/columns");
const geometry = new Browser().tab("scatter_map/geometry");
const entry = (code, key, count) => ({ code, key, count });
const EMOTION = { entries: [entry(0, "Angry", 2), entry(1, "Disgust", 0), entry(255, "none", 1)], codes: [0, 0, 255] };
const BAND = { entries: [entry(0, [0.1, 0.25], 3), entry(1, [0.25, 0.25], 1), entry(255, "none", 0)], codes: [] };
const WORDS = { entries: { Angry: "분노", right: "맞음" }, none: { emotion: "레이블 없음", other: "측정 안 됨" } };
const EMOTIONS = ["#D55E00", "#009E73"];

describe("columns from the server", () => {
  test("are a line of JSON and a byte for each face, a line feed among them too", () => {
    const bytes = new Uint8Array([...new TextEncoder().encode('[{"code":0,"key":"가","count":2}]\n'), 0, 10, 255]);
    columns.bytes = bytes;
    columns.TextDecoder = TextDecoder;
    const parsed = columns.evaluate("parsedColumn(bytes)");
    same(parsed.entries, [entry(0, "가", 2)]);
    same([...parsed.codes], [0, 10, 255]);
  });

  test("faces without an entry are the last category", () => {
    same([...columns.evaluate("categories")(EMOTION)], [0, 0, 2]);
  });
});

describe("the legend", () => {
  test("has words, counts and colours of what there is", () => {
    same(columns.evaluate("legendOf")("emotion", EMOTION, WORDS, EMOTIONS), [
      { code: 0, count: 2, text: "분노", colour: "#D55E00" },
      { code: 255, count: 1, text: "레이블 없음", colour: null },
    ]);
  });

  const cases = [
    ["a band", "sharpness", entry(0, [0.1, 0.254], 1), "0.10 – 0.25"],
    ["a band of large values", "brightness", entry(0, [98.7, 121.2], 1), "99 – 121"],
    ["a band of one value", "doubt", entry(0, [0.5, 0.5], 1), "0.50"],
    ["a dataset is named as it is, even as a word of ours", "dataset", entry(0, "right", 1), "right"],
    ["a word", "correct", entry(0, "right", 1), "맞음"],
    ["a word that is not known", "split", entry(0, "train", 1), "train"],
    ["nothing", "sharpness", entry(255, "none", 1), "측정 안 됨"],
  ];
  for (const [name, column, one, expected] of cases) test(name, () => same(columns.evaluate("entryText")(column, one, WORDS), expected));
});

describe("colours", () => {
  const look = { ground: "#000000", text: "#ffffff", emotions: EMOTIONS };
  const palette = (name, column, picked) => columns.evaluate("palette")(name, column, look, new Set(picked));

  test("emotions have their own, faces without one are faint", () => {
    same(palette("emotion", EMOTION, []), ["#D55E00", "#009E73", "#737373"]);
  });

  test("what is not picked fades", () => {
    const [picked, other] = palette("emotion", EMOTION, [0]);
    same([picked, other], ["#D55E00", "#00130e"]);
  });

  test("bands rise from one colour to another, datasets go round", () => {
    const many = { entries: Array.from({ length: 10 }, (_, code) => entry(code, `D${code}`, 1)) };
    const datasets = palette("dataset", many, []);
    assert.equal(datasets[0], datasets[8]);
    assert.equal(new Set(datasets.slice(0, 8)).size, 8);
    assert.equal(new Set(palette("doubt", BAND, []).slice(0, 2)).size, 2);
  });
});

describe("the root of the app", () => {
  const cases = [
    ["/map", "/"],
    ["/map/", "/"],
    ["/faces/map", "/faces/"],
    ["/map/map", "/map/"],
    ["/a/b/map", "/a/b/"],
    ["/faces", "/faces/"],
    ["/heatmap", "/heatmap/"],
  ];
  for (const [path, expected] of cases) test(path, () => same(columns.evaluate("rootOf")(path, "map"), expected));
});

describe("scales", () => {
  test("go there and back, as the plot sets them", () => {
    const scale = geometry.evaluate("linearScale")();
    same(scale.domain(), [-1, 1]);
    scale.range([0, 500]).domain([-0.5, 0.5]);
    same([scale(0), scale(0.25), scale.invert(125), scale.range()], [250, 375, -0.25, [0, 500]]);
    scale.range([400, 0]);
    same([scale(-0.5), scale.invert(100)], [400, 0.25]);
  });
});

describe("a drawn line", () => {
  const thinned = geometry.evaluate("thinned");
  const isArea = geometry.evaluate("isArea");

  test("has corners some pixels apart", () => {
    same(thinned([[0, 0], [1, 1], [4, 0], [5, 0], [9, 0]]), [[0, 0], [4, 0], [9, 0]]);
  });

  test("has no more than so many", () => {
    const line = Array.from({ length: 5000 }, (_, at) => [10 * at, 0]);
    const kept = thinned(line, 4, 1000);
    assert.ok(kept.length <= 1000 && kept.length > 500, `${kept.length}`);
  });

  const cases = [
    ["a click", [[5, 5]], false],
    ["a stroke", [[0, 0], [50, 0], [100, 0]], false],
    ["two corners", [[0, 0], [50, 50]], false],
    ["a tremble", [[0, 0], [3, 0], [3, 3]], false],
    ["an area", [[0, 0], [50, 0], [0, 50]], true],
  ];
  for (const [name, line, expected] of cases) test(name, () => same(isArea(line), expected));
});

describe("the part that is seen", () => {
  const seen = geometry.evaluate("seenBox");
  const cases = [
    ["nearer", [2], { x: -0.5, y: -0.25, width: 1, height: 0.5 }],
    ["farther", [0.5], { x: -2, y: -1, width: 4, height: 2 }],
    ["to the right", [1, 0.25], { x: -0.5, y: -0.5, width: 2, height: 1 }],
    ["up", [1, 0, 0.5], { x: -1, y: 0, width: 2, height: 1 }],
  ];
  for (const [name, way, expected] of cases) test(name, () => same(seen([-1, 1], [-0.5, 0.5], ...way), expected));
});

describe("the nearest point", () => {
  const x = Float32Array.from({ length: 400 }, (_, at) => Math.sin(at * 12.9898) );
  const y = Float32Array.from({ length: 400 }, (_, at) => Math.cos(at * 78.233));
  const nearby = new (geometry.evaluate("Nearby"))(x, y);

  test("is the one that all others are farther away than", () => {
    for (let at = 0; at < 60; at++) {
      const [px, py] = [Math.sin(at), Math.cos(3 * at)];
      const distances = [...x].map((value, point) => Math.hypot(value - px, y[point] - py));
      const least = Math.min(...distances);
      const expected = least <= 0.15 ? distances.indexOf(least) : -1;
      assert.equal(nearby.nearest(px, py, 0.15), expected);
    }
  });

  test("is none beyond the distance, and none at all of none", () => {
    assert.equal(nearby.nearest(9, 9, 0.1), -1);
    assert.equal(new (geometry.evaluate("Nearby"))(new Float32Array(), new Float32Array()).nearest(0, 0, 1), -1);
  });
});
