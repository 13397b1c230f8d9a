// Decisions on their way to the store: kept in the browser until the server says that it has them.

const BATCH_DELAY_MS = 80;
const LONGEST_DELAY_MS = 1000;
const RESEND_MS = 4000;
const UNANSWERED = 3; // after 4, 10 and 18 seconds
const QUICK_MS = 500; // a server that takes longer to say that it lives has much to do, and answers later
const MAX_EVENTS = 400;
const HOLD_MS = 2500;
const SETTLE_MS = 60;
const AWAY_MS = 3000; // until the store is tried again

class Outbox {
  // `transmit(message)` sends one message; a message is answered by `acknowledge` before the next one leaves.
  constructor(name, transmit, changed) {
    this.countKey = `fercore.saved.${name}`;
    this.transmit = transmit;
    this.changed = changed;
    this.events = [];
    this.adopted = []; // { event, key } of other tabs
    this.stored = Number(sessionStorage.getItem(this.countKey) || 0);
    this.savedAt = null;
    this.asked = {}; // turn, focus, photo, fits, looks
    this.limit = MAX_EVENTS;
    this.inFlight = null;
    this.took = 0; // milliseconds to the last answer
    this.reachable = 0; // how often the server was there and did not answer
    this.late = false; // the server has not answered in time: it is away, or the network is
    this.away = null; // the server is there and its store is not
    this.timer = null;
    this.resend = null;
    this.held = null;
    this.afterwards = null;
    this.shelf = new Shelf(name, (left) => this.adopt(left), (rows) => this.drop(rows));
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
    return this.events.length + this.adopted.length;
  }

  // What an open tab keeps itself is counted there.
  get waiting() {
    return this.events.length + this.adopted.filter(({ key }) => !this.shelf.isAlive(key)).length;
  }

  add(events) {
    this.events.push(...events);
    this.persist();
    this.changed();
    this.schedule();
  }

  // What other tabs of the same person left undelivered.
  adopt(left) {
    const known = new Set(this.adopted.map(({ event }) => JSON.stringify(event)));
    this.adopted.push(...left.filter(({ event }) => !known.has(JSON.stringify(event))));
    this.changed();
    this.schedule();
  }

  // Another tab has delivered some of these.
  drop(rows) {
    const kept = this.events.filter((event) => !(event.id in rows));
    if (kept.length === this.events.length) return;
    this.count(this.events.filter((event) => event.id in rows), rows);
    this.events = kept;
    this.persist();
    this.changed();
  }

  // Somebody waits for a page or a photo, and nobody for a face's details.
  ask(wishes) {
    this.asked = { ...this.asked, ...wishes };
    if (wishes.turn || wishes.photo || wishes.fits) this.pump();
    else this.schedule();
  }

  // The longer the server takes, the more it is told at a time.
  schedule(least = 0) {
    const delay = Math.max(Math.min(Math.max(this.took, BATCH_DELAY_MS), LONGEST_DELAY_MS), least);
    if (!this.timer) this.timer = setTimeout(() => this.pump(), delay);
  }

  pump() {
    clearTimeout(this.timer);
    this.timer = null;
    if (this.held || this.inFlight || !(this.pending || Object.keys(this.asked).length)) return;
    const own = this.events.slice(0, this.limit);
    const adopted = own.length ? [] : this.adopted.slice(0, this.limit);
    const { turn, ...asked } = this.asked;
    const last = own.length === this.events.length;
    this.adoptedInFlight = adopted;
    this.asked = turn && !last ? { turn } : {};
    const events = own.length ? own : adopted.map((one) => one.event);
    this.inFlight = { batch: uuid(), events, ...asked, ...(turn && last ? { turn } : {}) };
    this.sentAt = performance.now();
    this.send();
  }

  send(tries = 0) {
    this.transmit(this.inFlight);
    this.resend = setTimeout(() => {
      this.isLate();
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

  isLate() {
    this.late = true;
    this.changed();
  }

  acknowledge(ack) {
    if (ack?.away && !this.inFlight) this.away = ack.away;
    if (!this.inFlight || !ack || ack.batch !== this.inFlight.batch) return;
    clearTimeout(this.resend);
    const sent = this.inFlight;
    this.inFlight = null;
    this.took = performance.now() - this.sentAt;
    this.reachable = 0;
    this.late = false;
    this.settle(sent, ack);
    this.away = ack.away || null;
    if (ack.away) {
      const { batch, events, ...asked } = sent;
      this.asked = { ...asked, ...this.asked };
      this.schedule(AWAY_MS);
    }
    this.changed();
    if (this.afterwards) setTimeout(this.afterwards, SETTLE_MS);
    this.afterwards = null;
    if (ack.away) return;
    if (this.asked.turn || this.asked.photo) this.pump();
    else if (this.pending || Object.keys(this.asked).length) this.schedule();
  }

  // What was answered leaves the outbox: stored, left as it was decided elsewhere, or set aside with the reason why.
  settle({ events }, ack) {
    const refused = (ack.refused || []).filter(({ at }) => at in events).map(({ at, why }) => ({ event: events[at], why }));
    if (ack.too_large && events.length === 1) refused.push({ event: events[0], why: ack.too_large });
    this.limit = ack.too_large ? Math.max(1, Math.floor(events.length / 2)) : MAX_EVENTS;
    this.shelf.setAside(refused);
    const skipped = new Set(ack.skipped || []);
    const gone = new Set(refused.map((one) => one.event));
    for (const event of events) if (event?.id in ack.stored || skipped.has(event?.id)) gone.add(event);
    if (!gone.size) return;
    this.savedAt = new Date();
    const adopted = this.adoptedInFlight.filter((one) => gone.has(one.event));
    this.count(this.events.filter((event) => gone.has(event)), ack.stored);
    this.count(adopted.filter((one) => !this.shelf.isAlive(one.key)).map((one) => one.event), ack.stored);
    if (adopted.length) {
      const rows = Object.fromEntries(adopted.map(({ event }) => [event?.id, ack.stored[event?.id] || 0]));
      this.shelf.takeOut(adopted, rows);
    }
    this.adopted = this.adopted.filter((one) => !gone.has(one.event));
    this.events = this.events.filter((event) => !gone.has(event));
    this.persist();
  }

  // An undo takes back as many decisions as it writes rows; those of another tab were never counted here.
  count(events, rows) {
    for (const event of events) {
      const written = rows[event?.id] || 0;
      this.stored = Math.max(0, this.stored + (event?.type === "undo" ? -written : written));
    }
    sessionStorage.setItem(this.countKey, String(this.stored));
  }

  persist() {
    this.shelf.keep(this.events);
  }

  close() {
    clearTimeout(this.timer);
    clearTimeout(this.resend);
    clearTimeout(this.held);
    this.shelf.close();
  }
}
