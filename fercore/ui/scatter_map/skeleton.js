// The parts of the component that stay, and their words.

function button(name, text, act) {
  const node = made("button", `fcm-button fcm-${name}`, text);
  node.type = "button";
  node.addEventListener("click", act);
  return node;
}

function skeleton(root, acts) {
  const buttons = Object.fromEntries(
    ["lasso", "move", "nearer", "farther", "whole"].map((name) => [name, button(name, "", acts[name])]),
  );
  const colour = made("select", "fcm-colour");
  colour.addEventListener("change", () => acts.colour(colour.value));
  const colourLabel = made("label", "fcm-group");
  const colourWord = made("span");
  colourLabel.append(colourWord, colour);
  const bar = made("div", "fcm-bar");
  const group = (...nodes) => {
    const node = made("div", "fcm-group");
    node.append(...nodes);
    return node;
  };
  bar.append(group(buttons.lasso, buttons.move), group(buttons.nearer, buttons.farther, buttons.whole), colourLabel);

  const plot = made("div", "fcm-plot");
  plot.tabIndex = 0;
  plot.setAttribute("role", "group");
  plot.addEventListener("keydown", acts.key);
  const [points, over] = [made("canvas", "fcm-points"), made("canvas", "fcm-over")];
  const [card, message, said] = [made("div", "fcm-card"), made("div", "fcm-message"), made("span")];
  const again = button("again", "", acts.again);
  message.setAttribute("role", "status");
  message.append(said, again);
  card.hidden = true;
  plot.append(points, over, card, message);

  const legend = made("div", "fcm-legend");
  const body = made("div", "fcm-body");
  body.append(plot, legend);
  const [answer, count, tiles] = [made("div", "fcm-answer"), made("strong"), made("div", "fcm-tiles")];
  const clear = button("clear", "", acts.clear);
  count.setAttribute("role", "status");
  count.dataset.testid = "map-count";
  answer.hidden = true;
  answer.append(group(count, clear), tiles);
  root.replaceChildren(bar, body, answer);
  return { buttons, colour, colourWord, plot, points, over, card, message, said, again, legend, answer, count, tiles, clear };
}

function fillWords(parts, { words, columns }, chosen) {
  for (const [name, node] of Object.entries(parts.buttons)) node.textContent = words[name];
  for (const [name, title] of [["nearer", words.nearerTitle], ["farther", words.fartherTitle]]) {
    parts.buttons[name].setAttribute("aria-label", title);
    parts.buttons[name].title = title;
  }
  parts.colourWord.textContent = words.colourBy;
  parts.again.textContent = words.again;
  parts.clear.textContent = words.clear;
  parts.plot.setAttribute("aria-label", words.plot);
  parts.colour.replaceChildren(
    ...columns.map(({ name, label }) => {
      const option = made("option", "", label);
      option.value = name;
      option.selected = name === chosen;
      return option;
    }),
  );
}
