// Unsent events of one tab in the browser's storage, which other tabs of the same person may deliver. An event keeps
// its number wherever it is sent from, so the server stores it once.

const LISTEN_MS = 300;
const LOOK_MS = 5000;
const REFUSED_KEPT = 200;

class Shelf {
  // `found(events)` is called with what other tabs left, `delivered(rows)` when another tab delivered what lies here.
  constructor(name, found, delivered) {
    this.base = `fercore.outbox.${name}`;
    this.id = uuid();
    this.key = `${this.base}#${this.id}`;
    this.refusedKey = `fercore.refused.${name}`;
    this.found = found;
    this.delivered = delivered;
    this.alive = new Set();
    this.before = new Set();
    this.channel = new BroadcastChannel(this.base);
    this.channel.onmessage = ({ data }) => this.hear(data);
    this.timer = setInterval(() => this.look(), LOOK_MS);
    this.look();
  }

  keep(events) {
    writeList(this.key, events);
  }

  others() {
    const keys = Object.keys(localStorage);
    return keys.filter((key) => key !== this.key && (key === this.base || key.startsWith(`${this.base}#`)));
  }

  // Open tabs answer; what lies with those that do not is delivered from here, and what waits with an open tab for long.
  look() {
    if (!this.others().length || this.listening) return;
    this.answers = new Set();
    this.channel.postMessage({ asks: this.id });
    this.listening = setTimeout(() => {
      this.listening = null;
      this.alive = this.answers;
      this.adopt();
    }, LISTEN_MS);
  }

  adopt() {
    const waited = new Set();
    const left = [];
    for (const key of this.others()) {
      const events = readList(key);
      if (events === null) this.setAsideText(key);
      for (const event of events || []) {
        waited.add(event?.id);
        if (!this.alive.has(key) || this.before.has(event?.id)) left.push({ event, key });
      }
    }
    this.before = waited;
    if (left.length) this.found(left);
  }

  hear({ asks, here, delivered }) {
    if (asks && readList(this.key)?.length) this.channel.postMessage({ here: this.key });
    if (here) this.answers?.add(here);
    if (delivered) this.delivered(delivered);
  }

  // After the server's answer on another tab's events: an open tab is told, a closed one's list is emptied.
  takeOut(adopted, rows) {
    this.channel.postMessage({ delivered: rows });
    for (const key of new Set(adopted.map((one) => one.key))) {
      if (this.alive.has(key)) continue;
      const answered = new Set(adopted.map((one) => JSON.stringify(one.event)));
      writeList(key, (readList(key) || []).filter((event) => !answered.has(JSON.stringify(event))));
    }
  }

  isAlive(key) {
    return this.alive.has(key);
  }

  get refusedText() {
    return localStorage.getItem(this.refusedKey);
  }

  get refused() {
    return readList(this.refusedKey) || [];
  }

  setAside(entries) {
    if (entries.length) writeList(this.refusedKey, [...this.refused, ...entries].slice(-REFUSED_KEPT));
  }

  setAsideText(key) {
    this.setAside([{ event: String(localStorage.getItem(key)).slice(0, 1000), why: "" }]);
    localStorage.removeItem(key);
  }

  discardRefused() {
    localStorage.removeItem(this.refusedKey);
  }

  close() {
    clearInterval(this.timer);
    clearTimeout(this.listening);
    this.channel.close();
  }
}
