// One cell of the results: a button with the figure, its interval and what must be known of it.

const DEEPEST = 45; // percent of the colour: the text of either theme can still be read on it

function made(tag, name, text) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  if (text !== undefined) node.textContent = text;
  return node;
}

function ground(cell) {
  if (cell.few) return { colour: "#0072B2", strength: 0 };
  if (cell.difference !== undefined) {
    const strength = Math.min(Math.abs(cell.difference) / 0.15, 1) * (cell.isShown ? DEEPEST : 20);
    return { colour: cell.difference < 0 ? "#D55E00" : "#0072B2", strength };
  }
  return { colour: "#0072B2", strength: cell.shade * DEEPEST };
}

function domainOf(cell, words) {
  if (cell.unknownData) return words.unknown_data;
  return cell.inDomain ? words.in_domain : words.cross_domain;
}

function figureButton(cell, place, words, openCell) {
  const button = made("button", "fcr-cell");
  button.type = "button";
  button.tabIndex = -1;
  button.dataset.testid = "results-cell";
  button.dataset.evaluation = cell.evaluation;
  button.dataset.at = `cell ${cell.evaluation}`;
  const { colour, strength } = ground(cell);
  button.style.setProperty("--fcr-colour", colour);
  button.style.setProperty("--fcr-strength", `${strength.toFixed(0)}%`);
  button.classList.toggle("fcr-in", cell.inDomain);
  button.classList.toggle("fcr-shown", Boolean(cell.isShown));
  button.append(made("strong", "", cell.text), made("small", "", cell.small), made("small", "", cell.n));
  for (const mark of cell.marks) button.append(made("span", "fcr-mark", mark));
  const domain = domainOf(cell, words);
  button.setAttribute("aria-label", [place, cell.text, cell.small, cell.n, ...cell.marks, domain].filter(Boolean).join(", "));
  button.title = domain;
  button.addEventListener("click", () => openCell(cell.evaluation));
  return button;
}
