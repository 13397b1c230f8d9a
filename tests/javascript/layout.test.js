import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { Browser, same } from "./browser.js";

// A window of this height with the grid's first line and its faces at these heights.
function sight({ height, first, faces, width = 1000, header = 40 }) {
  const tab = new Browser().tab("sight");
  const box = (top) => ({ getBoundingClientRect: () => ({ top }) });
  tab.innerHeight = height;
  tab.document = { querySelector: () => ({ getBoundingClientRect: () => ({ height: header }) }) };
  const root = { ...box(first), style: {} };
  const style = {};
  const grid = {
    ...box(faces),
    clientWidth: width,
    closest: () => ({ scrollTop: 0 }),
    style: { setProperty: (name, value) => (style[name] = value) },
  };
  return { sight: new (tab.evaluate("Sight"))(root, grid, () => {}), style, root };
}

const TILE = { width: 100, height: 120, gap: 4 };

describe("how many faces the window shows", () => {
  const rows = [
    ["columns by rows", { height: 900, first: 200, faces: 300 }, TILE, false, 9 * 4],
    ["a strip is one row", { height: 900, first: 200, faces: 300 }, TILE, true, 9],
    ["a narrow window has one column", { height: 900, first: 200, faces: 300, width: 90 }, TILE, false, 4],
    ["at most 200", { height: 2000, first: 0, faces: 50, width: 4000 }, { width: 20, height: 20, gap: 2 }, false, 200],
  ];
  for (const [name, window, tile, large, expected] of rows)
    test(name, () => assert.equal(sight(window).sight.capacity(tile, large), expected));

  test("every counted row fits below what stands above it", () => {
    for (let height = 420; height <= 1400; height += 7) {
      const { sight: measured } = sight({ height, first: 250, faces: 330 });
      const count = measured.capacity(TILE, false) / 9;
      assert.ok(count * TILE.height + (count - 1) * TILE.gap <= measured.height, `${count} rows at ${height}`);
    }
  });

  test("a low window is scrolled to the grid, a high one is not", () => {
    const low = sight({ height: 500, first: 300, faces: 380 }).sight;
    low.measure(TILE);
    assert.notEqual(low.scrollTo, null);
    const high = sight({ height: 1000, first: 300, faces: 380 }).sight;
    high.measure(TILE);
    assert.equal(high.scrollTo, null);
  });
});

describe("the focus", () => {
  function selection(count, columns = 4) {
    const tab = new Browser().tab("selection");
    tab.document = { activeElement: null };
    const nodes = Array.from({ length: count }, (_, index) => ({
      dataset: {},
      id: `t${index}`,
      offsetTop: Math.floor(index / columns),
    }));
    const said = [];
    const grid = {
      faces: nodes.map((_, id) => ({ id })),
      nodes,
      isLarge: false,
      grid: { setAttribute: () => {}, focus: () => {} },
      root: { classList: { add: () => {}, remove: () => {} } },
      status: { say: (text) => said.push(text), fill: (text, values) => `${text}: ${values.count}` },
      words: { pageDone: "done", pageRest: "left" },
      redraw: () => {},
      focusMoved: () => {},
    };
    return { tab, said, focus: new (tab.evaluate("Selection"))(grid) };
  }

  test("moves within the page and stops at its ends", () => {
    const { focus } = selection(6);
    focus.begin();
    for (const [step, expected] of [[-1, 0], [4, 4], [4, 5], [1, 5], [-10, 0]]) {
      focus.move(step, false);
      assert.equal(focus.focused, expected);
    }
  });

  test("rests behind the last face once it is decided, and comes back by an arrow", () => {
    const { focus, said } = selection(3);
    for (const face of focus.grid.faces) face.mine = true;
    focus.focus(2);
    focus.advance();
    assert.deepEqual([focus.done, focus.focused, said], [true, 2, ["done"]]);
    focus.move(-1, false);
    assert.deepEqual([focus.done, focus.focused], [false, 2]);
  });

  test("says how many faces before it are undecided", () => {
    const { focus, said } = selection(4);
    focus.grid.faces[3].mine = true;
    focus.grid.faces[1].elsewhere = true;
    focus.focus(3);
    focus.advance();
    assert.deepEqual(said, ["left: 2"]);
  });

  test("begins with the face asked for, else where it was, else at the first", () => {
    const { focus, tab } = selection(5);
    focus.begin(3);
    assert.equal(focus.focused, 3);
    focus.begin();
    assert.equal(focus.focused, 3);
    tab.sessionStorage.setItem("fercore.focus", "99");
    focus.begin();
    assert.equal(focus.focused, 0);
  });

  test("with Shift, all faces on the way are selected", () => {
    const { focus } = selection(8);
    focus.begin();
    focus.move(4, true);
    same(focus.targets(), [0, 1, 2, 3, 4]);
    focus.clear();
    same(focus.targets(), [4]);
  });

  for (const [count, columns, expected] of [[10, 4, 4], [3, 4, 3], [1, 4, 1]])
    test(`${count} faces in rows of ${columns} have ${expected} columns`, () =>
      assert.equal(selection(count, columns).focus.columns(), expected));
});
