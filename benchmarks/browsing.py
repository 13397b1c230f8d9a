"""The app in a process of its own, and scripted browsers that review in it."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import async_playwright

from fercore.store import Store

ROOT = Path(__file__).resolve().parent.parent
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
        measured = await asyncio.gather(*(tab.evaluate(DRIVER, {"pages": pages, "pace": pace}) for tab in tabs))
        changes = await filters(tabs[0]) if "task" not in query else {}
        held = (before, memory(pid))
        await browser.close()
        return list(measured), changes, held


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
    await tab.get_by_text("It has predictions for").wait_for()
    await tab.keyboard.press("Escape")
