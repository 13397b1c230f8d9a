import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { Browser, same } from "./browser.js";

class File {
  constructor(parts, name, { type }) {
    Object.assign(this, { parts, name, type });
  }
}

class DataTransfer {
  constructor() {
    this.files = [];
    this.items = { add: (file) => this.files.push(file) };
  }
}

// A page with an uploader, or without one.
function opened(input = { dispatchEvent: () => {} }) {
  const tab = new Browser().tab("photo_input/handing");
  Object.assign(tab, { File, DataTransfer, asked: [] });
  tab.document = { querySelector: (name) => (tab.asked.push(name), input) };
  return { tab, input };
}

const item = (type, kind = "file") => ({ kind, type, getAsFile: () => ({ type }) });

describe("what the clipboard has", () => {
  const rows = [
    ["a picture", [item("image/png")], ["image/png"]],
    ["text alone", [item("text/plain", "string")], []],
    ["a picture of a page, with its text", [item("text/html", "string"), item("image/png")], ["image/png"]],
    ["a file that is no picture", [item("application/pdf")], []],
    ["several", [item("image/png"), item("image/jpeg")], ["image/png", "image/jpeg"]],
    ["nothing", [], []],
  ];
  for (const [name, items, expected] of rows)
    test(name, () => {
      const { tab } = opened();
      tab.given = { items };
      same(tab.evaluate("picturesOf(given).map((file) => file.type)"), expected);
    });

  test("no clipboard at all", () => same(opened().tab.evaluate("picturesOf(null)"), []));

  test("pictures of one name are told apart", () => {
    const { tab } = opened();
    same(tab.evaluate("[['image/png', 1], ['image/jpeg', 2], ['image/svg+xml', 3], ['', 4]].map(([type, n]) => named({ type }, n).name)"), [
      ...["pasted-1.png", "pasted-2.jpg", "pasted-3.svg", "pasted-4.png"],
    ]);
  });
});

describe("files are handed to the uploader", () => {
  test("as if they were chosen there", () => {
    const events = [];
    const { tab, input } = opened({ dispatchEvent: (event) => events.push([event.type, event.bubbles]) });
    assert.equal(tab.evaluate("hand(['a', 'b'], 'photos')"), true);
    same(tab.asked, [".st-key-photos input[type=file]"]);
    same(input.files, ["a", "b"]);
    same(events, [["change", true]]);
  });

  test("not all of too many", () => {
    const { tab, input } = opened();
    tab.evaluate("hand(Array.from({ length: 99 }, (_, number) => number), 'photos')");
    assert.equal(input.files.length, 50);
  });

  for (const [name, input] of [["none", null], ["one that is not ready", { disabled: true }]])
    test(`where there is ${name}, nothing happens`, () => assert.equal(opened(input).tab.evaluate("hand(['a'], 'photos')"), false));
});
