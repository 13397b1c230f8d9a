// The order and the choice of rows: pure functions of the rows and of the look.

function wordsOf(row) {
  return `${row.title} ${row.detail} ${row.seeds}`.toLowerCase();
}

// A training by words that no other has: its runs' numbers, too. The row of a seed is named by its run alone.
function named(row) {
  return [row.title, row.seeds].filter(Boolean).join(", ");
}

function filtered(rows, text) {
  const parts = text.toLowerCase().split(/\s+/u).filter(Boolean);
  return rows.filter((row) => parts.every((part) => wordsOf(row).includes(part)));
}

// Figures of few faces come after all others, and what has none last, whichever way the others are sorted.
function rank(cell) {
  if (cell?.value === undefined) return 2;
  return cell.few ? 1 : 0;
}

function sorted(rows, sort) {
  if (!sort) return rows;
  const sign = sort.startsWith("-") ? -1 : 1;
  const column = sort.replace(/^-/u, "");
  if (column === "training") return [...rows].sort((a, b) => sign * a.title.localeCompare(b.title));
  const at = Number(column);
  return [...rows].sort((a, b) => {
    const [x, y] = [a.cells[at], b.cells[at]];
    return rank(x) - rank(y) || (rank(x) === 2 ? 0 : sign * (x.value - y.value));
  });
}

// The first press shows the highest on top, the next the lowest, the third the order of the runs again.
function nextSort(sort, column) {
  if (column === "training") return sort === "training" ? "-training" : sort === "-training" ? "" : "training";
  return sort === `-${column}` ? column : sort === column ? "" : `-${column}`;
}

function ariaSort(sort, column) {
  if (sort === column) return "ascending";
  return sort === `-${column}` ? "descending" : "none";
}
