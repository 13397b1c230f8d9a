import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { Browser, same } from "./browser.js";

// A grid that notes what its keys ask of it.
function keyboard(options = {}) {
  const tab = new Browser().tab("browser", "keys");
  tab.document = { querySelectorAll: () => options.dialogs || [] };
  const asked = [];
  const note = (name) => (...values) => asked.push([name, ...values]);
  const part = (names) => Object.fromEntries(names.map((name) => [name, note(name)]));
  const inside = {};
  const grid = {
    root: { isConnected: true },
    faces: [1, 2, 3],
    legend: { open: false, ...part(["show"]) },
    cutter: { dialog: { open: false } },
    remarks: { dialog: { open: false }, ...part(["flag", "write"]) },
    grid: { contains: (node) => node === inside },
    decisions: part(["digit", "setRejecting", "undo", "confirmPage"]),
    beside: part(["openCutter"]),
    selection: { focused: 1, columns: () => 5, ...part(["toggle", "move", "moveTo"]) },
    appearance: part(["zoom", "lift", "smooth"]),
    waiting: false,
    isLarge: false,
    ...part(["begin", "escape", "large", "turn"]),
    ...options.grid,
  };
  const keys = new (tab.evaluate("Keys"))(grid);
  const press = (code, values = {}) => {
    asked.length = 0;
    const event = { code, shiftKey: false, repeat: false, composedPath: () => [values.target || inside], ...values };
    let kept = false;
    event.stopImmediatePropagation = () => (kept = true);
    event.preventDefault = () => {};
    keys.key(event);
    const own = asked.filter(([name, value]) => name !== "begin" && !(name === "setRejecting" && value === false));
    return { asked: own, kept, cancels: asked.some(([name, value]) => name === "setRejecting" && value === false) };
  };
  return { press, grid };
}

describe("the key map", () => {
  const rows = [
    ["Digit1", {}, ["digit", 0]],
    ["Digit7", {}, ["digit", 6]],
    ["Numpad8", {}, ["digit", 7]],
    ["KeyX", {}, ["setRejecting", true]],
    ["KeyZ", {}, ["undo"]],
    ["Enter", {}, ["confirmPage"]],
    ["NumpadEnter", {}, ["confirmPage"]],
    ["Space", {}, ["toggle", 1]],
    ["ArrowLeft", {}, ["move", -1, false]],
    ["ArrowRight", { shiftKey: true }, ["move", 1, true]],
    ["ArrowUp", {}, ["move", -5, false]],
    ["ArrowDown", {}, ["move", 5, false]],
    ["Home", {}, ["moveTo", 0, false]],
    ["End", {}, ["moveTo", 2, false]],
    ["PageUp", {}, ["turn", "previous"]],
    ["PageDown", {}, ["turn", "next"]],
    ["Equal", {}, ["zoom", 1]],
    ["Minus", {}, ["zoom", -1]],
    ["KeyL", {}, ["lift", 1]],
    ["KeyS", {}, ["smooth", 1]],
    ["KeyF", {}, ["large", true]],
    ["KeyB", {}, ["openCutter"]],
    ["KeyA", {}, ["openCutter", true]],
    ["KeyG", {}, ["flag"]],
    ["KeyN", {}, ["write"]],
    ["Slash", {}, ["show"]],
    ["Escape", {}, ["escape"]],
  ];
  for (const [code, values, expected] of rows)
    test(`${code} asks for ${expected}`, () => {
      const { asked, kept } = keyboard().press(code, values);
      same(asked, [expected]);
      assert.equal(kept, true);
    });
});

describe("keys that do nothing", () => {
  const rows = [
    ["Digit9", {}],
    ["Digit0", {}],
    ["Digit3", { repeat: true }],
    ["Digit3", { shiftKey: true }],
    ["Digit3", { ctrlKey: true }],
    ["Digit3", { metaKey: true }],
    ["Digit3", { altKey: true }],
    ["Digit3", { isComposing: true }],
    ["Enter", { repeat: true }],
    ["KeyZ", { repeat: true }],
    ["KeyQ", {}],
  ];
  for (const [code, values] of rows)
    test(`${code} ${JSON.stringify(values)}`, () => same(keyboard().press(code, values).asked, []));

  test("every key while a page is on its way, and none of them reaches the page", () => {
    for (const code of ["Digit1", "Enter", "PageDown", "KeyX"])
      same(keyboard({ grid: { waiting: true } }).press(code), { asked: [], kept: true, cancels: false });
  });

  test("every key on an empty page", () => same(keyboard({ grid: { faces: [] } }).press("Enter").asked, []));
});

describe("keys that belong to the page", () => {
  const field = (found) => ({ closest: (selector) => (selector.includes(found) ? {} : null) });
  for (const kind of ["input", "textarea", "button", "summary", "contenteditable"])
    test(`those pressed in ${kind}`, () => same(keyboard().press("Digit1", { target: field(kind) }).asked, []));

  test("those pressed nowhere are the grid's", () =>
    same(keyboard().press("Digit1", { target: { closest: () => null } }).asked, [["digit", 0]]));

  test("those pressed under an open dialog", () => {
    const dialogs = [{ closest: () => null }];
    same(keyboard({ dialogs }).press("Digit1", { target: { closest: () => null } }).asked, []);
  });

  test("Streamlit's own R and C are kept from it", () => {
    for (const code of ["KeyR", "KeyC"]) same(keyboard().press(code), { asked: [], kept: true, cancels: false });
  });
});

describe("a reason that is asked for belongs to its face", () => {
  for (const code of ["ArrowRight", "ArrowUp", "End", "Home", "Space", "KeyG", "KeyN", "KeyF", "PageDown", "Enter"])
    test(`${code} answers that it is not wanted any more`, () => assert.equal(keyboard().press(code).cancels, true));
  for (const code of ["Digit3", "KeyX", "Escape"])
    test(`${code} leaves that to the decision`, () => assert.equal(keyboard().press(code).cancels, false));
});
