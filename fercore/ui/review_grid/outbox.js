// Decisions on their way to the store: kept in the browser until the server says that it has them.

const BATCH_DELAY_MS = 80;
const RESEND_MS = 4000;
const UNANSWERED = 3; // after 4, 10 and 18 seconds: a server with much to do answers late
const MAX_EVENTS = 400;
const HOLD_MS = 2500;
const SETTLE_MS = 60;

class Outbox {
  // `transmit(message)` sends one message; a message is answered by `acknowledge` before the next one leaves.
  constructor(storageKey, transmit, changed) {
    this.key = `fercore.outbox.${storageKey}`;
    this.countKey = `fercore.saved.${storageKey}`;
    this.transmit = transmit;
    this.changed = changed;
    this.events = JSON.parse(localStorage.getItem(this.key) || "[]");
    this.stored = Number(sessionStorage.getItem(this.countKey) || 0);
    this.savedAt = null;
    this.turn = null;
    this.focus = null;
    this.inFlight = null;
    this.reachable = 0; // how often the server was there and did not answer
    this.late = false; // the server has not answered in time: it is away, or the network is
    this.timer = null;
    this.resend = null;
    this.held = null;
    this.afterwards = null;
  }

  // Somebody leaves the page: a message that reached the server after that would meet another page.
  // `go` runs at once, or when the message that is under way has been answered.
  leave(go) {
    clearTimeout(this.held);
    this.held = setTimeout(() => {
      this.held = null;
      this.afterwards?.();
      this.afterwards = null;
      if (this.pending) this.schedule();
    }, HOLD_MS);
    if (!this.inFlight) return false;
    this.afterwards = go;
    return true;
  }

  get pending() {
    return this.events.length;
  }

  add(events) {
    this.events.push(...events);
    this.persist();
    this.changed();
    this.schedule();
  }

  ask({ turn = this.turn, focus = this.focus }) {
    this.turn = turn;
    this.focus = focus;
    this.schedule();
  }

  schedule() {
    if (!this.timer) this.timer = setTimeout(() => this.pump(), BATCH_DELAY_MS);
  }

  pump() {
    clearTimeout(this.timer);
    this.timer = null;
    if (this.held || this.inFlight || !(this.events.length || this.turn || this.focus)) return;
    const events = this.events.slice(0, MAX_EVENTS);
    const last = events.length === this.events.length;
    this.inFlight = { batch: crypto.randomUUID(), events, turn: last ? this.turn : null, focus: this.focus };
    if (last) this.turn = null;
    this.focus = null;
    this.send();
  }

  send(tries = 0) {
    this.transmit(this.inFlight);
    this.resend = setTimeout(() => {
      this.away();
      this.lookForServer();
      this.send(tries + 1);
    }, RESEND_MS * (1 + tries / 2));
  }

  // A server that was started anew may know nothing of this page and answer none of its messages: load the page
  // again, which finds what is pending here. A server or a network that is only away needs nothing but time.
  lookForServer() {
    fetch(new URL("_stcore/health", location.href), { cache: "no-store" })
      .then((answer) => {
        this.reachable = answer.ok ? this.reachable + 1 : 0;
        if (this.reachable >= UNANSWERED && this.inFlight) location.reload();
      })
      .catch(() => (this.reachable = 0));
  }

  away() {
    this.late = true;
    this.changed();
  }

  acknowledge(ack) {
    if (!this.inFlight || !ack || ack.batch !== this.inFlight.batch) return;
    clearTimeout(this.resend);
    this.inFlight = null;
    this.reachable = 0;
    this.late = false;
    const kept = this.events.filter((event) => !(event.id in ack.stored));
    if (kept.length < this.events.length) {
      for (const event of this.events) this.stored += ack.stored[event.id] || 0;
      this.events = kept;
      this.savedAt = new Date();
      this.persist();
    }
    this.changed();
    if (this.afterwards) setTimeout(this.afterwards, SETTLE_MS);
    this.afterwards = null;
    this.pump();
  }

  persist() {
    localStorage.setItem(this.key, JSON.stringify(this.events));
    sessionStorage.setItem(this.countKey, String(this.stored));
  }

  close() {
    clearTimeout(this.timer);
    clearTimeout(this.resend);
    clearTimeout(this.held);
  }
}
