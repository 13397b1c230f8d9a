// The legend: each entry is a button that picks it, with its colour, words and number of faces.

function legendEntry(entry, picked, look, toggle) {
  const button = made("button", "fcm-entry");
  button.type = "button";
  button.dataset.testid = "map-entry";
  button.dataset.code = entry.code;
  button.setAttribute("aria-pressed", String(picked.has(entry.code)));
  const dot = made("span", "fcm-dot");
  dot.style.background = entry.colour ?? mixed(look.text, look.ground, 0.45);
  button.append(dot, made("span", "fcm-name", entry.text), made("span", "fcm-number", entry.count.toLocaleString()));
  button.addEventListener("click", () => toggle(entry.code));
  return button;
}

function drawLegend(node, rows, held, acts) {
  const { words, picked, look } = held;
  const list = made("div", "fcm-entries");
  list.setAttribute("role", "group");
  list.setAttribute("aria-label", words.legend);
  list.append(...rows.map((row) => legendEntry(row, picked, look, acts.toggle)));
  const count = rows.filter((row) => picked.has(row.code)).reduce((sum, row) => sum + row.count, 0);
  const button = made("button", "fcm-button fcm-select", words.selectThese.replace("{number}", count.toLocaleString()));
  button.type = "button";
  button.disabled = !picked.size;
  button.dataset.testid = "map-select";
  button.addEventListener("click", acts.select);
  const focused = node.contains(document.activeElement) ? document.activeElement.dataset.code : undefined;
  node.replaceChildren(list, button, made("p", "fcm-hint", words.legendHint));
  if (focused !== undefined) node.querySelector(`[data-code="${focused}"]`)?.focus({ preventScroll: true });
}
