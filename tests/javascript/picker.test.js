import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { Browser, same } from "./browser.js";

// Nodes that remember what was done to them, enough for a photo with faces.
class Node {
  constructor(tag = "div") {
    Object.assign(this, { tag, attributes: {}, dataset: {}, children: [], listeners: {}, src: "", tabIndex: undefined });
    this.names = new Set();
    this.style = { setProperty: (name, value) => (this.style[name] = value) };
    this.classList = { toggle: (name, on) => (on ? this.names.add(name) : this.names.delete(name)) };
  }

  append(...nodes) {
    this.children.push(...nodes);
  }

  replaceChildren(...nodes) {
    this.children = nodes;
  }

  setAttribute(name, value) {
    this.attributes[name] = value;
  }

  addEventListener(name, act) {
    this.listeners[name] = act;
  }

  contains(node) {
    return this.children.includes(node);
  }

  focus() {
    Node.document.activeElement = this;
  }

  scrollIntoView() {
    Node.arrived += 1;
  }
}

// A picker on a page whose clock is moved by the test, and what it told Python.
function opened(narrow = false) {
  const browser = new Browser();
  const tab = browser.tab("face_picker/choice");
  const heard = {};
  tab.document = Node.document = { createElement: (tag) => new Node(tag), activeElement: null, addEventListener: (name, act) => (heard[name] = act) };
  tab.window.matchMedia = (query) => ({ matches: query.includes("width") && narrow });
  Node.arrived = 0;
  const told = [];
  const picker = new (tab.evaluate("FacePicker"))(new Node());
  const show = (data) => picker.update({ data: { ...PHOTO, ...data }, setTriggerValue: (...given) => told.push(given) });
  const press = (code, more = {}) => {
    const event = { code, preventDefault: () => {}, stopPropagation: () => {}, ...more };
    picker.faces.listeners.keydown(event);
  };
  const checked = () => picker.boxes.map((node) => node.attributes["aria-checked"]).indexOf("true");
  return { heard, picker, show, press, told, checked, pass: (milliseconds) => browser.clock.pass(milliseconds) };
}

const face = (left, name) => ({ left, top: 0.4, width: 0.1, height: 0.2, colour: "#E69F00", name, label: `${name}!` });
// From left to right: 2, 0, 1.
const FACES = [face(0.4, "Happy"), face(0.7, "Sad"), face(0.1, "<b>")];
const PHOTO = { picture: "data:1", alt: "", ratio: 1.5, faces: FACES, chosen: 0, group: "Faces", isReading: false, isNew: false, status: "" };

describe("a photo's faces", () => {
  test("have boxes where they are, with their words as text", () => {
    const { picker, show } = opened();
    show({});
    same(picker.boxes.map((node) => node.style.left), ["40%", "70%", "10%"]);
    same(picker.boxes.map((node) => node.attributes["aria-label"]), ["Happy!", "Sad!", "<b>!"]);
    same(picker.chips.children.map((node) => node.textContent), ["1 · Happy", "2 · Sad", "3 · <b>"]);
    same(picker.boxes.map((node) => node.tabIndex), [0, -1, -1]);
  });

  test("one alone has no row of buttons", () => {
    const { picker, show } = opened();
    show({ faces: FACES.slice(0, 1) });
    assert.equal(picker.chips.children.length, 0);
  });

  test("a number that would lie above the photo lies below its box", () => {
    const { picker, show } = opened();
    show({ faces: [{ ...FACES[0], top: 0.02 }] });
    assert.match(picker.boxes[0].children[0].className, /fcp-below/);
  });
});

describe("a choice", () => {
  const rows = [
    ["to the right", ["ArrowRight"], 1],
    ["to the left", ["ArrowLeft"], 2],
    ["beyond the end begins again", ["ArrowRight", "ArrowRight"], 2],
    ["beyond the beginning, too", ["ArrowLeft", "ArrowUp"], 1],
    ["the first and the last by place", ["End"], 1],
    ["the first", ["End", "Home"], 2],
    ["the same face", ["Enter"], 0],
  ];
  for (const [name, keys, expected] of rows)
    test(`by keys: ${name}`, () => {
      const { picker, show, press, told, checked, pass } = opened();
      show({});
      picker.boxes[0].focus();
      for (const code of keys) press(code);
      assert.equal(checked(), expected);
      pass(1000);
      same(told, [["picked", expected]]);
    });

  test("keys with Ctrl, and others, are the browser's", () => {
    const { picker, show, press, told, pass } = opened();
    show({});
    picker.boxes[0].focus();
    press("ArrowRight", { ctrlKey: true });
    press("KeyR");
    pass(1000);
    same(told, []);
  });

  test("a click shows at once, and the answer to an earlier one does not undo it", () => {
    const { picker, show, checked, pass, told } = opened();
    show({});
    picker.boxes[1].listeners.click();
    pass(0);
    picker.chips.children[2].listeners.click();
    assert.equal(checked(), 2);
    show({ chosen: 1 });
    assert.equal(checked(), 2);
    pass(1000);
    show({ chosen: 2 });
    show({ chosen: 0 }); // chosen elsewhere
    assert.equal(checked(), 0);
    same(told, [["picked", 1], ["picked", 2]]);
  });

  test("the focus stays on the chosen face when the faces are drawn anew", () => {
    const { picker, show } = opened();
    show({});
    picker.boxes[0].focus();
    show({ faces: FACES.map((each) => ({ ...each, name: "Angry" })), chosen: 1 });
    assert.equal(Node.document.activeElement, picker.boxes[1]);
  });
});

test("a phone goes to a new photo, and again as the page grows below it", () => {
  const rows = [
    [true, true, false, 6],
    [true, true, true, 3], // somebody has scrolled on
    [true, false, false, 0],
    [false, true, false, 0],
  ];
  for (const [narrow, isNew, touched, expected] of rows) {
    const { show, heard, pass } = opened(narrow);
    show({ isNew, isReading: true, faces: [] });
    show({ isReading: true });
    show({});
    show({});
    if (touched) heard.touchstart();
    pass(5000);
    assert.equal(Node.arrived, expected);
  }
});
