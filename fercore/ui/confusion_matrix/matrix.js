// A confusion matrix of buttons: rows true, columns predicted. Arrow keys go from cell to cell; a click or Enter tells
// Python the cell.

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Home: [0, -Infinity], End: [0, Infinity] };

function header(scope, name, total) {
  const th = document.createElement("th");
  th.scope = scope;
  th.textContent = name;
  if (total !== undefined) {
    const n = document.createElement("small");
    n.textContent = ` ${total.toLocaleString()}`;
    th.append(n);
  }
  return th;
}

function cellButton(cell, row, column, emotions) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = row === column ? "fcm-cell fcm-right" : "fcm-cell";
  button.classList.toggle("fcm-marked", cell.marked);
  button.classList.toggle("fcm-less", cell.tone < 0);
  button.dataset.testid = "confusion-cell";
  button.dataset.true = emotions[row].key;
  button.dataset.predicted = emotions[column].key;
  button.dataset.count = cell.faces;
  button.style.setProperty("--fcm-share", Math.min(Math.abs(cell.tone), 1).toFixed(3));
  button.setAttribute("aria-label", cell.spoken);
  button.setAttribute("aria-disabled", String(cell.faces === 0));
  button.tabIndex = -1;
  const strong = document.createElement("strong");
  strong.textContent = cell.figure;
  const small = document.createElement("small");
  small.textContent = cell.small;
  button.append(strong, small);
  return button;
}

function walk(event, table) {
  const step = STEPS[event.code];
  if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
  const rows = [...table.tBodies[0].rows].map((row) => [...row.querySelectorAll("button")]);
  const at = rows.findIndex((row) => row.includes(event.target));
  if (at < 0) return;
  const within = (place) => Math.max(0, Math.min(rows.length - 1, place));
  focus(table, rows[within(at + step[0])][within(rows[at].indexOf(event.target) + step[1])]);
  event.preventDefault();
  event.stopPropagation();
}

function focus(table, button) {
  table.querySelectorAll("button").forEach((other) => (other.tabIndex = other === button ? 0 : -1));
  button.focus();
}

export default function confusionMatrix(component) {
  const { data, parentElement, setTriggerValue } = component;
  const { cells, emotions, order, totals, chosen } = data;
  const root = parentElement.querySelector(".fcm-root");
  const focused = root.contains(document.activeElement) ? document.activeElement.dataset : null;
  const table = document.createElement("table");
  table.className = "fcm-table";
  table.dataset.testid = "confusion-matrix";
  table.createCaption().textContent = data.caption;
  const head = table.createTHead().insertRow();
  head.append(document.createElement("td"), ...order.map((column) => header("col", emotions[column].name)));
  const body = table.createTBody();
  for (const row of order) {
    const line = body.insertRow();
    line.append(header("row", emotions[row].name, totals[row]));
    for (const column of order) {
      const button = cellButton(cells[row][column], row, column, emotions);
      button.setAttribute("aria-pressed", String(Boolean(chosen) && chosen[0] === row && chosen[1] === column));
      button.addEventListener("click", () => {
        focus(table, button);
        if (cells[row][column].faces) setTriggerValue("picked", [row, column]);
      });
      line.insertCell().append(button);
    }
  }
  table.addEventListener("keydown", (event) => walk(event, table));
  const entry = table.querySelector("button[aria-pressed=true]") || table.querySelector("button");
  entry.tabIndex = 0;
  root.replaceChildren(table);
  if (focused?.true) focus(table, table.querySelector(`button[data-true="${focused.true}"][data-predicted="${focused.predicted}"]`));
}
