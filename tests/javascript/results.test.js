import { describe, test } from "node:test";

import { Browser, same } from "./browser.js";

const tab = new Browser().tab("results_table/order");
const address = new Browser().tab("results_table/address");
const row = (run, title, ...values) => ({
  run,
  title,
  detail: "modern \u00b7 s0",
  seeds: `Run ${run}`,
  cells: values.map((value) => (value === null ? null : { value })),
});
const ROWS = [row(1, "VGG16 \u00b7 KFE", 0.5, 0.2), row(2, "Xception \u00b7 CK+", 0.7, null), row(3, "MobileNetV2 \u00b7 KFE", 0.6, -0.1)];
const runs = (rows) => [...rows].map((each) => each.run);

describe("the order of the results", () => {
  const cases = [
    ["as the runs are", "", [1, 2, 3]],
    ["the highest on top", "-0", [2, 3, 1]],
    ["the lowest on top", "0", [1, 3, 2]],
    ["what has no figure comes last", "-1", [1, 3, 2]],
    ["either way", "1", [3, 1, 2]],
    ["by name", "training", [3, 1, 2]],
    ["by name, backwards", "-training", [2, 1, 3]],
    ["a column that is gone changes nothing", "9", [1, 2, 3]],
  ];
  for (const [name, sort, expected] of cases) test(name, () => same(runs(tab.evaluate("sorted")(ROWS, sort)), expected));
});

describe("figures of few faces come after all others", () => {
  const cell = (value, few) => ({ value, few });
  const some = [cell(1, true), cell(0.4, false), undefined, cell(0.5, false), cell(0.9, true)];
  const rows = some.map((each, at) => ({ run: at + 1, title: "A", cells: [each] }));
  const cases = [
    ["the highest on top", "-0", [4, 2, 1, 5, 3]],
    ["the lowest on top", "0", [2, 4, 5, 1, 3]],
  ];
  for (const [name, sort, expected] of cases) test(name, () => same(runs(tab.evaluate("sorted")(rows, sort)), expected));

  test("and have no colour", () => {
    const strength = (one) => new Browser().tab("results_table/cells").evaluate("ground")(one).strength;
    const difference = { difference: 0.5, isShown: true };
    same([{ few: true, shade: 1 }, { few: false, shade: 1 }, { ...difference, few: true }, { ...difference, few: false }].map(strength), [0, 45, 0, 45]);
  });
});

describe("the filter of the results", () => {
  const cases = [
    ["nothing typed", "", [1, 2, 3]],
    ["a word of the title, in any case", "kfe", [1, 3]],
    ["every word counts", "vgg KFE", [1]],
    ["words of the second line", "modern", [1, 2, 3]],
    ["a word of a name and a run", "xception run", [2]],
    ["signs are signs", "ck+", [2]],
    ["none", "zzz", []],
  ];
  for (const [name, text, expected] of cases) test(name, () => same(runs(tab.evaluate("filtered")(ROWS, text)), expected));
});

describe("a training by its name", () => {
  const cases = [
    ["with its runs", row(4, "VGG16 \u00b7 KFE"), "VGG16 \u00b7 KFE, Run 4"],
    ["a seed by its run alone", { title: "Run 4 \u00b7 seed 1" }, "Run 4 \u00b7 seed 1"],
  ];
  for (const [name, one, expected] of cases) test(name, () => same(tab.evaluate("named")(one), expected));
});

describe("presses on a column's head", () => {
  const cases = [
    ["figures: highest, lowest, as they were", "0", ["-0", "0", ""]],
    ["names: forwards, backwards, as they were", "training", ["training", "-training", ""]],
  ];
  for (const [name, column, expected] of cases) {
    test(name, () => {
      let sort = "";
      same(expected.map(() => (sort = tab.evaluate("nextSort")(sort, column))), expected);
    });
  }

  test("the order is told to screen readers", () => {
    const told = (sort) => tab.evaluate("ariaSort")(sort, "0");
    same([told("0"), told("-0"), told("1")], ["ascending", "descending", "none"]);
  });
});

describe("the look in the address", () => {
  const none = { sort: "", filter: "", open: [] };
  const cases = [
    ["nothing", "?view=results", none],
    ["all of it", "?view=results&sort=-0&filter=ck%2B+vgg&open=3%2C5", { sort: "-0", filter: "ck+ vgg", open: [3, 5] }],
    ["words that are no runs", "?open=x,-1,,7", { ...none, open: [7] }],
  ];
  for (const [name, search, look] of cases) test(name, () => same(address.evaluate("lookOf")(search), look));

  const written = [
    ["a sort", "?view=results", { ...none, sort: "0" }, "?view=results&sort=0"],
    ["another sort in its place", "?sort=-0&view=results", { ...none, sort: "0" }, "?sort=0&view=results"],
    ["as they were", "?view=results&sort=0&open=1", none, "?view=results"],
    ["nothing at all", "?sort=0", none, ""],
    ["signs are signs", "", { ...none, filter: "a&b=c" }, "?filter=a%26b%3Dc"],
  ];
  for (const [name, search, look, expected] of written) {
    test(`writes ${name}`, () => same(address.evaluate("searchWith")(search, address.evaluate("partsOf")(look)), expected));
  }

  test("a cell leads to its evaluation, and keeps the way back", () => {
    const search = "?view=results&sort=0&cell=3-5&counted=1";
    same(address.evaluate("linkTo")(search, 7), "?view=confusion&sort=0&evaluation=7");
  });

  test("an address that says the same in other signs is left alone", () => {
    same(address.evaluate("sameLook")("?open=3,5&sort=0", { ...none, sort: "0", open: [3, 5] }), true);
  });
});

describe("the data that a cell was trained on", () => {
  const words = { in_domain: "trained on it", cross_domain: "on another", unknown_data: "unknown" };
  const cells = new Browser().tab("results_table/cells");
  const cases = [
    ["the same", { inDomain: true, unknownData: false }, "trained on it"],
    ["others", { inDomain: false, unknownData: false }, "on another"],
    ["data that nobody knows are no others", { inDomain: false, unknownData: true }, "unknown"],
  ];
  for (const [name, cell, expected] of cases) test(name, () => same(cells.evaluate("domainOf")(cell, words), expected));
});
