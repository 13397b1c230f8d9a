// The table: head with sort buttons, rows that open, arrow keys between cells; what it looks like is told to Python.

const FILTER_MS = 350;

function headCell(text, column, look, words, change) {
  const th = made("th");
  th.scope = "col";
  th.setAttribute("aria-sort", ariaSort(look.sort, column));
  const button = made("button", "fcr-sort", text);
  button.type = "button";
  button.title = words.sort.replace("{column}", text);
  const arrow = { ascending: " ▲", descending: " ▼", none: "" }[ariaSort(look.sort, column)];
  button.append(made("span", "fcr-arrow", arrow));
  button.addEventListener("click", () => change({ sort: nextSort(look.sort, column) }));
  button.dataset.column = column;
  button.dataset.at = `sort ${column}`;
  th.append(button);
  return th;
}

function toggle(icon, label, pressed, act) {
  const button = made("button", "fcr-icon", icon);
  button.type = "button";
  button.title = label;
  button.setAttribute("aria-label", label);
  button.setAttribute("aria-pressed", String(pressed));
  button.addEventListener("click", act);
  return button;
}

function trainingCell(row, { table, words }, look, acts) {
  const th = made("th", "fcr-training");
  th.scope = "row";
  const title = made("div", "fcr-title");
  if (row.open.length) {
    const isOpen = look.open.includes(row.run);
    const open = isOpen ? look.open.filter((run) => run !== row.run) : [...look.open, row.run];
    const expand = toggle(isOpen ? "▾" : "▸", `${words.seeds}: ${named(row)}`, isOpen, () => acts.change({ open }));
    expand.setAttribute("aria-expanded", String(isOpen));
    expand.removeAttribute("aria-pressed");
    expand.dataset.at = `open ${row.run}`;
    title.append(expand);
  }
  const isBaseline = table.baseline === row.run;
  const pin = toggle(isBaseline ? "★" : "☆", `${isBaseline ? words.unpin : words.pin}: ${named(row)}`, isBaseline, () => acts.pin(isBaseline ? 0 : row.run));
  pin.dataset.testid = "results-pin";
  pin.dataset.at = `pin ${row.run}`;
  title.append(pin, made("span", "", row.title));
  th.append(title, made("small", "", row.detail), made("small", "", row.seeds));
  return th;
}

function line(body, head, row, { table, words }, acts) {
  const tr = body.insertRow();
  tr.dataset.testid = "results-row";
  tr.append(head);
  row.cells.forEach((cell, at) => {
    const td = tr.insertCell();
    if (cell) td.append(figureButton(cell, `${named(row)}, ${table.datasets[at]}`, words, acts.open));
    else td.append(made("span", "fcr-none", "–"));
  });
  return tr;
}

function walk(event) {
  const move = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.code];
  const cell = event.target.closest(".fcr-cell");
  if (!move || !cell) return;
  event.preventDefault();
  event.stopPropagation();
  const td = cell.closest("td");
  const rows = [...cell.closest("tbody").rows];
  let [at, column] = [rows.indexOf(td.parentElement), td.cellIndex];
  for (;;) {
    at += move[0];
    column += move[1];
    const there = rows[at]?.cells[column];
    if (!there) return;
    const next = there.querySelector(".fcr-cell");
    if (next) {
      cell.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
      return;
    }
  }
}

function drawTable(root, data, look, acts) {
  const { table, words } = data;
  const shown = sorted(filtered(table.rows, look.filter), look.sort);
  const node = made("table", "fcr-table");
  node.dataset.testid = "results-table";
  const head = node.createTHead().insertRow();
  head.append(headCell(words.training, "training", look, words, acts.change));
  table.datasets.forEach((name, at) => head.append(headCell(name, String(at), look, words, acts.change)));
  const body = node.createTBody();
  for (const row of shown) {
    line(body, trainingCell(row, data, look, acts), row, data, acts);
    if (!look.open.includes(row.run)) continue;
    for (const seed of row.open) {
      const th = made("th", "fcr-training fcr-seed", seed.title);
      th.scope = "row";
      line(body, th, seed, data, acts).classList.add("fcr-opened");
    }
  }
  if (!shown.length) {
    const td = body.insertRow().insertCell();
    td.colSpan = table.datasets.length + 1;
    td.textContent = words.none;
  }
  const first = node.querySelector(".fcr-cell");
  if (first) first.tabIndex = 0;
  node.addEventListener("keydown", walk);
  const focused = root.contains(document.activeElement) ? document.activeElement.dataset.at : undefined;
  root.querySelector(".fcr-scroll").replaceChildren(node);
  root.querySelector(".fcr-count").textContent = words.shown.replace("{shown}", shown.length).replace("{all}", table.rows.length);
  if (focused) refocus(node, focused);
}

// The keyboard goes on at the button that was pressed, which was drawn anew.
function refocus(node, at) {
  const button = [...node.querySelectorAll("[data-at]")].find((each) => each.dataset.at === at);
  if (!button) return;
  if (button.matches(".fcr-cell")) {
    for (const cell of node.querySelectorAll(".fcr-cell")) cell.tabIndex = cell === button ? 0 : -1;
  }
  button.focus({ preventScroll: true });
}

// What stays while the component is in the page: Streamlit calls it again with each new answer of the server.
function begun(root) {
  const field = made("input", "fcr-filter");
  field.type = "search";
  const bar = made("div", "fcr-bar");
  const count = made("span", "fcr-count");
  count.setAttribute("role", "status");
  bar.append(field, count);
  root.replaceChildren(bar, made("div", "fcr-scroll"));
  const held = { look: lookOf(location.search) };
  let timer;
  const tell = () => {
    writeLook(held.look);
    held.component.setTriggerValue("looked", partsOf(held.look));
  };
  const acts = {
    open: (evaluation) => {
      writeLook(held.look);
      goTo(linkTo(location.search, evaluation));
    },
    pin: (run) => held.component.setTriggerValue("pinned", { run }),
    change: (part) => {
      Object.assign(held.look, part);
      held.draw();
      tell();
    },
  };
  held.draw = () => {
    const { words } = held.component.data;
    field.placeholder = words.filter;
    field.setAttribute("aria-label", words.filter);
    drawTable(root, held.component.data, held.look, acts);
  };
  field.value = held.look.filter;
  field.oninput = () => {
    held.look.filter = field.value;
    held.draw();
    clearTimeout(timer);
    timer = setTimeout(tell, FILTER_MS);
  };
  followAddress(root, {
    keepAddress: () => writeLook(held.look),
    takeAddress: () => {
      if (sameLook(location.search, held.look)) return;
      clearTimeout(timer);
      held.look = lookOf(location.search);
      field.value = held.look.filter;
      held.draw();
    },
  });
  return held;
}

export default function resultsTable(component) {
  const root = component.parentElement.querySelector(".fcr-root");
  root.fercore ??= begun(root);
  root.fercore.component = component;
  root.fercore.draw();
}
