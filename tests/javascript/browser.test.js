import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { Browser, same } from "./browser.js";

describe("numbers of events", () => {
  test("are random UUIDs of version 4", () => {
    const uuid = new Browser().tab("browser").evaluate("uuid");
    const numbers = Array.from({ length: 500 }, uuid);
    for (const number of numbers)
      assert.match(number, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(new Set(numbers).size, 500);
  });
});

describe("lists in the browser's storage", () => {
  for (const [text, expected] of [[null, []], ["[1,2]", [1, 2]], ["", []], ["{}", null], ["[1", null], ["7", null]])
    test(`${text} is ${JSON.stringify(expected)}`, () => {
      const tab = new Browser().tab("browser");
      if (text !== null) tab.localStorage.setItem("k", text);
      same(tab.evaluate("readList('k')"), expected);
    });

  test("an empty list takes its key along", () => {
    const tab = new Browser().tab("browser");
    tab.localStorage.setItem("k", "[1]");
    assert.equal(tab.evaluate("writeList('k', [])"), true);
    assert.equal(tab.localStorage.getItem("k"), null);
  });

  test("a full storage says so", () => {
    const browser = new Browser({ limit: 5 });
    assert.equal(browser.tab("browser").evaluate("writeList('k', ['far too long'])"), false);
  });
});

describe("Streamlit's connection dialog", () => {
  const dialog = ({ streamlit = true, block = false, buttons = [""] }) => ({
    closest: () => (streamlit ? {} : null),
    querySelector: () => (block ? {} : null),
    querySelectorAll: () => buttons.map((textContent) => ({ textContent })),
  });
  for (const [name, values, expected] of [
    ["nothing but a sentence and a cross", {}, true],
    ["a dialog of a page", { block: true }, false],
    ["a question with a button", { buttons: ["", "Delete"] }, false],
    ["a dialog of something else", { streamlit: false }, false],
  ])
    test(name, () => {
      const is = new Browser().tab("browser").evaluate("isConnectionDialog");
      assert.equal(is(dialog(values)), expected);
    });
});
