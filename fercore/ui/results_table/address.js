// The look of the table (sort, filter, open rows) stands in the page's address: the browser writes it at the press and
// reads it again, so that no answer of the server can bring an older one.

function lookOf(search) {
  const query = new URLSearchParams(search);
  const open = (query.get("open") ?? "").split(",").filter((run) => /^\d{1,15}$/u.test(run));
  return { sort: query.get("sort") ?? "", filter: query.get("filter") ?? "", open: open.map(Number) };
}

function partsOf(look) {
  return { sort: look.sort, filter: look.filter, open: look.open.join(",") };
}

function searchWith(search, parts) {
  const query = new URLSearchParams(search);
  for (const [name, value] of Object.entries(parts)) {
    if (value) query.set(name, value);
    else query.delete(name);
  }
  return `?${query}`.replace(/^\?$/u, "");
}

function sameLook(search, look) {
  return JSON.stringify(partsOf(lookOf(search))) === JSON.stringify(partsOf(look));
}

function writeLook(look) {
  if (sameLook(location.search, look)) return;
  history.replaceState(history.state, "", location.pathname + searchWith(location.search, partsOf(look)) + location.hash);
}

// The address of an evaluation's confusion matrix: of the table's, all that belongs to one evaluation is left out.
function linkTo(search, evaluation) {
  return searchWith(search, { view: "confusion", evaluation: String(evaluation), counted: "", cell: "" });
}

// One step of the history, which Back undoes. Streamlit reads an address that a step of the history brings, and what it
// adds to it then makes no step of its own.
function goTo(search) {
  if (search === location.search) return;
  history.pushState({}, "", location.pathname + search);
  window.dispatchEvent(new PopStateEvent("popstate"));
}

// Back and Forward give the look of then; any other change is the server's, which may not know the last press yet.
function followAddress(root, table) {
  const page = location.pathname;
  const until = new AbortController();
  const here = (act) => () => {
    if (!root.isConnected) until.abort();
    else if (location.pathname === page) act();
  };
  const { signal } = until;
  window.addEventListener("popstate", here(table.takeAddress), { signal });
  window.navigation?.addEventListener(
    "currententrychange",
    (event) => {
      if (event.navigationType !== "traverse") here(table.keepAddress)();
    },
    { signal },
  );
}
