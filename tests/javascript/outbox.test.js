import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import { Browser, same } from "./browser.js";

const NAME = "Kim";

// An outbox in a tab of its own, and the messages that it sent.
function open(browser) {
  const tab = browser.tab("browser", "shelf", "outbox");
  const sent = [];
  const outbox = new (tab.evaluate("Outbox"))(NAME, (message) => sent.push(structuredClone(message)), () => {});
  return { tab, outbox, sent };
}

const decide = (id, face = 1) => ({ type: "decide", id, face });
const undo = (id, undoes) => ({ type: "undo", id, undoes });
const numbers = (events) => events.map((event) => event.id);
const kept = (browser) =>
  Object.keys(browser.localStorage)
    .filter((key) => key.startsWith("fercore.outbox."))
    .flatMap((key) => numbers(JSON.parse(browser.localStorage[key])));

// Answers the message under way: everything in it is stored.
function answer({ outbox, sent }, rows = 1) {
  const { batch, events } = sent.at(-1);
  outbox.acknowledge({ batch, stored: Object.fromEntries(events.map((event) => [event.id, rows])) });
}

let browser;
beforeEach(() => (browser = new Browser()));

describe("one message at a time", () => {
  test("decisions of one moment travel together", () => {
    const desk = open(browser);
    desk.outbox.add([decide("a"), decide("b")]);
    desk.outbox.add([decide("c")]);
    assert.equal(desk.sent.length, 0);
    browser.clock.pass(80);
    same(desk.sent.map((message) => numbers(message.events)), [["a", "b", "c"]]);
  });

  test("what comes while one is under way follows its answer", () => {
    const desk = open(browser);
    desk.outbox.add([decide("a")]);
    browser.clock.pass(80);
    desk.outbox.add([decide("b")]);
    browser.clock.pass(1000);
    assert.equal(desk.sent.length, 1);
    answer(desk);
    browser.clock.pass(1000);
    same(numbers(desk.sent[1].events), ["b"]);
  });

  test("a message without an answer is sent again with the same number", () => {
    const desk = open(browser);
    desk.tab.fetch = () => Promise.resolve({ ok: false });
    desk.tab.location = { href: "http://faces.example.org/review" };
    desk.outbox.add([decide("a")]);
    browser.clock.pass(80 + 4000);
    assert.equal(desk.sent.length, 2);
    assert.equal(desk.sent[0].batch, desk.sent[1].batch);
    assert.equal(desk.outbox.late, true);
    answer(desk);
    assert.equal(desk.outbox.late, false);
    browser.clock.pass(60_000);
    assert.equal(desk.sent.length, 2);
  });

  test("an answer to another message changes nothing", () => {
    const desk = open(browser);
    desk.outbox.add([decide("a")]);
    browser.clock.pass(80);
    desk.outbox.acknowledge({ batch: "another", stored: { a: 1 } });
    assert.equal(desk.outbox.pending, 1);
  });

  test("a turned page waits until all decisions before it have left", () => {
    const desk = open(browser);
    desk.outbox.add(Array.from({ length: 401 }, (_, number) => decide(`e${number}`)));
    desk.outbox.ask({ turn: { to: "next" } });
    assert.equal(desk.sent[0].events.length, 400);
    assert.equal(desk.sent[0].turn, undefined);
    answer(desk);
    same(desk.sent[1].turn, { to: "next" });
    same(numbers(desk.sent[1].events), ["e400"]);
  });
});

describe("nothing is lost", () => {
  test("decisions lie in the browser's storage until they are stored", () => {
    const desk = open(browser);
    desk.outbox.add([decide("a"), decide("b")]);
    same(kept(browser), ["a", "b"]);
    browser.clock.pass(80);
    same(kept(browser), ["a", "b"]);
    answer(desk);
    same(kept(browser), []);
    assert.equal(desk.outbox.stored, 2);
  });

  test("an undone decision does not count", () => {
    const desk = open(browser);
    const sendAndAnswer = (event, rows) => {
      desk.outbox.add([event]);
      browser.clock.pass(1000);
      answer(desk, rows);
    };
    for (const id of ["a", "b", "c"]) sendAndAnswer(decide(id), 1);
    sendAndAnswer(undo("z", "c"), 1);
    assert.equal(desk.outbox.stored, 2);
    sendAndAnswer(undo("y", null), 0);
    assert.equal(desk.outbox.stored, 2, "there was nothing to undo");
    sendAndAnswer(undo("x", null), 59);
    assert.equal(desk.outbox.stored, 0, "the page was decided in another tab");
  });

  test("only what the server names is taken out", () => {
    const desk = open(browser);
    desk.outbox.add([decide("a"), decide("b"), decide("c")]);
    browser.clock.pass(80);
    desk.outbox.acknowledge({ batch: desk.sent[0].batch, stored: { a: 1 }, skipped: ["b"] });
    same(kept(browser), ["c"]);
  });

  test("a tab that was closed is delivered by the next one, once", () => {
    const closed = open(browser);
    closed.outbox.add([decide("a"), decide("b")]);
    closed.outbox.close();
    const next = open(browser);
    browser.clock.pass(300 + 80);
    same(numbers(next.sent[0].events), ["a", "b"]);
    answer(next);
    same(kept(browser), []);
    browser.clock.pass(30_000);
    assert.equal(next.sent.length, 1);
    assert.equal(next.outbox.stored, 2);
  });

  test("an open tab keeps its own, and another delivers what waits there for long", () => {
    const [first, second] = [open(browser), open(browser)];
    first.outbox.leave(() => {}); // it holds its messages back
    first.outbox.add([decide("a")]);
    first.tab.clearTimeout(first.outbox.held);
    browser.clock.pass(5000 + 300 + 80);
    assert.equal(second.sent.length, 0);
    browser.clock.pass(5000 + 300 + 80);
    same(numbers(second.sent[0].events), ["a"]);
    answer(second);
    assert.equal(first.outbox.pending, 0);
    assert.equal(first.outbox.stored + second.outbox.stored, 1);
  });

  test("another person's decisions stay where they are", () => {
    browser.localStorage.setItem("fercore.outbox.Lee#1", JSON.stringify([decide("a")]));
    browser.localStorage.setItem("fercore.outbox.Kimberly#1", JSON.stringify([decide("b")]));
    const desk = open(browser);
    browser.clock.pass(30_000);
    assert.equal(desk.sent.length, 0);
  });

  test("a full storage keeps the decisions in the page", () => {
    browser.localStorage.limit = 0;
    const desk = open(browser);
    desk.outbox.add([decide("a")]);
    browser.clock.pass(80);
    same(numbers(desk.sent[0].events), ["a"]);
  });

  test("a damaged outbox is set aside and shown", () => {
    browser.localStorage.setItem("fercore.outbox.Kim#1", "{not a list");
    const desk = open(browser);
    browser.clock.pass(400);
    same(desk.outbox.shelf.refused.map(({ event }) => event), ["{not a list"]);
    assert.equal(browser.localStorage.getItem("fercore.outbox.Kim#1"), null);
  });
});

describe("what cannot be stored", () => {
  test("a refused event is set aside with its reason, and the others go on", () => {
    const desk = open(browser);
    desk.outbox.add([decide("a"), decide("b")]);
    browser.clock.pass(80);
    desk.outbox.acknowledge({ batch: desk.sent[0].batch, stored: { b: 1 }, refused: [{ at: 0, why: "no such face" }] });
    assert.equal(desk.outbox.pending, 0);
    same(desk.outbox.shelf.refused, [{ event: decide("a"), why: "no such face" }]);
    desk.outbox.shelf.discardRefused();
    assert.equal(desk.outbox.shelf.refused.length, 0);
  });

  test("at most 200 refused events are kept, the latest", () => {
    const { outbox } = open(browser);
    for (let at = 0; at < 230; at += 1) outbox.shelf.setAside([{ event: decide(`e${at}`), why: "" }]);
    assert.equal(outbox.shelf.refused.length, 200);
    assert.equal(outbox.shelf.refused.at(-1).event.id, "e229");
  });

  test("a message that is too large is halved until one event alone is", () => {
    const desk = open(browser);
    desk.outbox.add([decide("a"), decide("b"), decide("c"), decide("d")]);
    const sizes = [];
    for (let tries = 0; tries < 3; tries += 1) {
      browser.clock.pass(1000);
      sizes.push(desk.sent.at(-1).events.length);
      desk.outbox.acknowledge({ batch: desk.sent.at(-1).batch, stored: {}, too_large: "more than 2 MB" });
    }
    same(sizes, [4, 2, 1]);
    same(desk.outbox.shelf.refused.map(({ event }) => event.id), ["a"]);
    same(numbers(desk.outbox.events), ["b", "c", "d"]);
  });
});

describe("a server whose store is away", () => {
  test("keeps everything and is asked again after some seconds", () => {
    const desk = open(browser);
    desk.outbox.add([decide("a")]);
    desk.outbox.ask({ turn: { to: "next" } });
    desk.outbox.acknowledge({ batch: desk.sent[0].batch, stored: {}, away: "The database is away." });
    assert.equal(desk.outbox.away, "The database is away.");
    same(kept(browser), ["a"]);
    browser.clock.pass(2900);
    assert.equal(desk.sent.length, 1);
    browser.clock.pass(200);
    same(numbers(desk.sent[1].events), ["a"]);
    same(desk.sent[1].turn, { to: "next" });
    answer(desk);
    assert.equal(desk.outbox.away, null);
  });
});

describe("leaving the page", () => {
  test("waits for the message under way, and sends no other meanwhile", () => {
    const desk = open(browser);
    desk.outbox.add([decide("a")]);
    browser.clock.pass(80);
    let left = 0;
    assert.equal(desk.outbox.leave(() => (left += 1)), true);
    desk.outbox.add([decide("b")]);
    browser.clock.pass(500);
    same([desk.sent.length, left], [1, 0]);
    answer(desk);
    browser.clock.pass(60);
    assert.equal(left, 1);
  });

  test("goes at once where nothing is under way", () => {
    assert.equal(open(browser).outbox.leave(() => {}), false);
  });
});
