// Decisions on their way to the store: kept in the browser until the server says that it has them.

const BATCH_DELAY_MS = 80;
const LONGEST_DELAY_MS = 1000;
const RESEND_MS = 4000;
const UNANSWERED = 3; // after 4, 10 and 18 seconds
const QUICK_MS = 500; // a server that takes longer to say that it lives has much to do, and answers later
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
    this.photo = null;
    this.inFlight = null;
    this.took = 0; // milliseconds to the last answer
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

  // Somebody waits for a page or a photo, and nobody for a face's details.
  ask({ turn = this.turn, focus = this.focus, photo = this.photo }) {
    this.turn = turn;
    this.focus = focus;
    this.photo = photo;
    if (turn || photo) this.pump();
    else this.schedule();
  }

  // The longer the server takes, the more it is told at a time.
  schedule() {
    const delay = Math.min(Math.max(this.took, BATCH_DELAY_MS), LONGEST_DELAY_MS);
    if (!this.timer) this.timer = setTimeout(() => this.pump(), delay);
  }

  pump() {
    clearTimeout(this.timer);
    this.timer = null;
    if (this.held || this.inFlight || !(this.events.length || this.turn || this.focus || this.photo)) return;
    const events = this.events.slice(0, MAX_EVENTS);
    const last = events.length === this.events.length;
    const asked = { turn: last ? this.turn : null, focus: this.focus, photo: this.photo };
    this.inFlight = { batch: crypto.randomUUID(), events, ...asked };
    if (last) this.turn = null;
    this.focus = this.photo = null;
    this.sentAt = performance.now();
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
    const asked = performance.now();
    fetch(new URL("_stcore/health", location.href), { cache: "no-store" })
      .then((answer) => {
        const idle = answer.ok && performance.now() - asked < QUICK_MS;
        this.reachable = idle ? this.reachable + 1 : 0;
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
    this.took = performance.now() - this.sentAt;
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
    if (this.turn || this.photo) this.pump();
    else if (this.pending || this.focus) this.schedule();
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
