import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { Browser } from "./browser.js";

const tiles = () => new Browser().tab("tiles");

describe("the state of a face in words", () => {
  const words = { states: { labelled: "labelled", relabelled: "relabelled", confirmed: "confirmed", rejected: "rejected" }, reasons: {} };
  const rows = [
    ["a face with a source's label was relabelled", { state: "relabelled", sourceless: false }, "relabelled"],
    ["an added face was labelled", { state: "relabelled", sourceless: true }, "labelled"],
    ["a confirmed one is confirmed", { state: "confirmed", sourceless: true }, "confirmed"],
    ["a rejected one is rejected", { state: "rejected", sourceless: true }, "rejected"],
  ];
  for (const [name, face, expected] of rows)
    test(name, () => assert.equal(tiles().evaluate("stateText")(face, words), expected));
});

describe("the sheet of keys", () => {
  test("has each key once", () => {
    const tab = new Browser().tab("browser", "tiles", "legend");
    const shown = [];
    const node = { append: (...rows) => shown.push(...rows), addEventListener: () => {}, setAttribute: () => {} };
    tab.document = { createElement: () => ({ ...node }) };
    const Legend = tab.evaluate("Legend");
    const legend = Object.create(Legend.prototype);
    const code = { KeyF: "F", Slash: "?", PageUp: "Page Up", PageDown: "Page Down" };
    legend.words = {
      emotions: [],
      otherKeys: [["PgUp PgDn", "turn pages", null], ["F", "large", "KeyF"], ["?", "keys", "Slash"]],
      moreKeys: [["Page Up", "before", "PageUp"], ["Page Down", "next", "PageDown"]],
    };
    legend.sheet = { ...node, querySelector: () => ({ ...node }) };
    legend.keyNode = ([key]) => key;
    legend.buildSheet(() => {});
    assert.deepEqual([...shown], [code.KeyF, code.PageUp, code.PageDown]);
  });
});
