// Replacements for browser features that need localhost or a certificate, and storage that may be full or damaged.

// crypto.randomUUID is missing where the app is opened by a name in the network without a certificate.
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

// A list from the browser's storage; null where what lies there is no list.
function readList(key) {
  try {
    const list = JSON.parse(localStorage.getItem(key) || "[]");
    return Array.isArray(list) ? list : null;
  } catch {
    return null;
  }
}

// False where the storage is full.
function writeList(key, list) {
  try {
    if (list.length) localStorage.setItem(key, JSON.stringify(list));
    else localStorage.removeItem(key);
    return true;
  } catch {
    return false;
  }
}

// Streamlit covers the page with a dialog while its server is away. It holds nothing of the page's script and nothing
// to fill in, follow or choose, whatever its words are; a dialog of a page has a block of the script in it.
function isConnectionDialog(dialog) {
  if (!dialog?.closest("[data-testid=stDialog]")) return false;
  const other = dialog.querySelector("[data-testid=stVerticalBlock], input, select, textarea, a[href], img");
  return !other && [...dialog.querySelectorAll("button")].every((button) => !button.textContent.trim());
}

class ConnectionDialog {
  // `met()` is called when a dialog was put away.
  constructor(met) {
    this.met = met;
    this.watch = new MutationObserver(() => this.putAway());
    this.watch.observe(document.body, { childList: true, subtree: false });
    this.putAway();
  }

  putAway() {
    const dialog = [...document.querySelectorAll("[role=dialog]")].find(isConnectionDialog);
    if (!dialog || dialog === this.put) return;
    this.put = dialog;
    dialog.querySelector("button")?.click();
    this.met();
  }

  close() {
    this.watch.disconnect();
  }
}
