// A confusion matrix of buttons: rows true, columns predicted; a click tells Python the cell.

function cellText(count, total) {
  return total ? `${Math.round((100 * count) / total)} %` : "–";
}

export default function confusionMatrix(component) {
  const { data, parentElement, setStateValue } = component;
  const { counts, emotions, words, chosen } = data;
  const table = document.createElement("table");
  table.className = "fcm-table";
  table.dataset.testid = "confusion-matrix";
  const caption = table.createCaption();
  caption.textContent = words.caption;
  const head = table.createTHead().insertRow();
  head.append(document.createElement("td"));
  for (const emotion of emotions) {
    const th = document.createElement("th");
    th.scope = "col";
    th.textContent = emotion.name;
    head.append(th);
  }
  const body = table.createTBody();
  counts.forEach((row, i) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    const line = body.insertRow();
    const th = document.createElement("th");
    th.scope = "row";
    th.textContent = emotions[i].name;
    const n = document.createElement("small");
    n.textContent = ` ${total.toLocaleString()}`;
    th.append(n);
    line.append(th);
    row.forEach((count, j) => {
      const share = total ? count / total : 0;
      const button = document.createElement("button");
      button.type = "button";
      button.className = i === j ? "fcm-cell fcm-right" : "fcm-cell";
      button.dataset.testid = "confusion-cell";
      button.dataset.true = emotions[i].key;
      button.dataset.predicted = emotions[j].key;
      button.dataset.count = count;
      button.style.setProperty("--fcm-share", share.toFixed(3));
      button.classList.toggle("fcm-dense", share > 0.55);
      button.setAttribute("aria-pressed", String(Boolean(chosen) && chosen[0] === i && chosen[1] === j));
      button.setAttribute("aria-label", `${words.true} ${emotions[i].name}, ${words.predicted} ${emotions[j].name}: ${count}`);
      const strong = document.createElement("strong");
      strong.textContent = count.toLocaleString();
      const small = document.createElement("small");
      small.textContent = cellText(count, total);
      button.append(strong, small);
      button.disabled = count === 0;
      button.addEventListener("click", () => setStateValue("cell", [i, j]));
      line.insertCell().append(button);
    });
  });
  parentElement.querySelector(".fcm-root").replaceChildren(table);
}
