// The scripts of the review grid, or those named with their component, loaded as Streamlit gets them, in a browser of plain objects with a clock of its own.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import vm from "node:vm";

const FOLDER = new URL("../../fercore/ui/review_grid/", import.meta.url);

// Equal as JSON: what comes out of another context has prototypes of its own.
export function same(actual, expected) {
  assert.deepEqual(JSON.parse(JSON.stringify(actual)), expected);
}

// Web storage with a limit of characters, as browsers have it.
export class Storage {
  constructor(limit = Infinity) {
    Object.defineProperty(this, "limit", { value: limit, writable: true, enumerable: false });
  }

  getItem(key) {
    return Object.hasOwn(this, key) ? this[key] : null;
  }

  setItem(key, value) {
    if (String(value).length > this.limit) throw new Error("QuotaExceededError");
    this[key] = String(value);
  }

  removeItem(key) {
    delete this[key];
  }
}

// Timers that run when the clock is moved.
export class Clock {
  constructor() {
    this.now = 0;
    this.timers = new Map();
    this.next = 1;
  }

  set(act, delay, every = null) {
    this.timers.set(this.next, { act, at: this.now + (delay || 0), every });
    return this.next++;
  }

  clear(number) {
    this.timers.delete(number);
  }

  pass(milliseconds) {
    const end = this.now + milliseconds;
    for (;;) {
      const due = [...this.timers].filter(([, timer]) => timer.at <= end).sort((a, b) => a[1].at - b[1].at)[0];
      if (!due) break;
      const [number, timer] = due;
      this.now = timer.at;
      if (timer.every === null) this.timers.delete(number);
      else timer.at += timer.every;
      timer.act();
    }
    this.now = end;
  }
}

// All tabs of one browser: they share storage, channels and the clock.
export class Browser {
  constructor({ limit = Infinity } = {}) {
    this.localStorage = new Storage(limit);
    this.clock = new Clock();
    this.channels = [];
  }

  // A tab with the named scripts; returns its context and a function that evaluates an expression in it.
  tab(...scripts) {
    const { clock, channels } = this;
    const tab = {
      localStorage: this.localStorage,
      sessionStorage: new Storage(),
      crypto: globalThis.crypto,
      URL,
      URLSearchParams,
      Event,
      performance: { now: () => clock.now },
      setTimeout: (act, delay) => clock.set(act, delay),
      clearTimeout: (number) => clock.clear(number),
      setInterval: (act, delay) => clock.set(act, delay, delay),
      clearInterval: (number) => clock.clear(number),
      BroadcastChannel: class {
        constructor(name) {
          this.name = name;
          channels.push(this);
        }

        postMessage(data) {
          for (const other of channels) if (other !== this && other.name === this.name) other.onmessage?.({ data });
        }

        close() {
          channels.splice(channels.indexOf(this), 1);
        }
      },
      listeners: {},
    };
    tab.window = { addEventListener: (name, act) => (tab.listeners[name] = act), removeEventListener: () => {} };
    const context = vm.createContext(tab);
    for (const name of scripts) vm.runInContext(readFileSync(new URL(`${name.includes("/") ? "../" : ""}${name}.js`, FOLDER), "utf8"), context);
    tab.evaluate = (code) => vm.runInContext(code, context);
    return tab;
  }
}
