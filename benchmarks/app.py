"""How long people wait for the app: from `streamlit run` to a painted home page, and for each page change.

The store holds 35,000 drawn faces. A real Chromium is driven; times are medians over the rounds and include
the browser's own painting. The start is compared to that of a Streamlit app which is one line of text, in turn.
It also says whether the server had TensorFlow loaded.

    python benchmarks/app.py
"""

import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from fercore.faces.pixels import pixel_hash
from fercore.settings import Settings
from fercore.splits import Split
from fercore.store import open_store
from fercore.store.datasets import datasets, faces
from fercore.store.datasets.faces import NewFace

FACES = 35_000
ROUNDS = 5
# A page is there once these words of it are on screen, the last that it draws of its own.
PAGES = {
    "Datasets": "Dataset details",
    "Review": "undecided",
    "Snapshots": "Freeze",
    "Train": "A training needs a snapshot",
    "Runs": "No run yet",
    "Compare": "No evaluation yet",
    "Predict": "There is no trained model yet",
    "Home": "From faces to a fair comparison",
}
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-gpu"]


def fill(folder: Path) -> None:
    """35,000 faces of noise in one dataset."""
    store = open_store(Settings(data_dir=folder, models_dir=folder / "models", user="bench"))
    random = np.random.default_rng(0)
    for start in range(0, FACES, 1000):
        pictures = random.integers(0, 256, (1000, 48, 48), np.uint8)
        new = [
            NewFace(
                identity=f"{start + i}",
                split=Split.TRAIN,
                emotion=i % 7,
                word="",
                pixel_hash=pixel_hash(picture),
                gray=picture,
            )
            for i, picture in enumerate(pictures)
        ]
        with store.database.writing() as session:
            begun = datasets.begin_import(session, "D", "folder", "bench")
            faces.add(session, begun.dataset_id, begun.id, new)
    store.database.close()


def start(folder: Path, app: str = "app.py") -> tuple["subprocess.Popen[bytes]", int]:
    """Start the server of an app; returns it with its port at once."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "FERCORE_DATA_DIR": str(folder), "FERCORE_MODELS_DIR": str(folder / "models")}
    command = [sys.executable, "-m", "streamlit", "run", app, "--server.port", str(port)]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=quiet, stderr=quiet), port


def wait_for_port(port: int) -> None:
    """Return when somebody listens."""
    while True:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.01)


def wait_for_text(page: Any, text: str) -> None:
    """Return in the frame in which the text is on screen: a locator's own wait looks every half second only."""
    page.wait_for_function("text => document.body.innerText.includes(text)", arg=text, polling="raf")


def first_paint(browser: Any, folder: Path, app: str = "app.py") -> float:
    """Seconds from the command to the number of faces on screen."""
    page = browser.new_page()
    started = time.perf_counter()
    server, port = start(folder, app)
    wait_for_port(port)
    page.goto(f"http://localhost:{port}")
    wait_for_text(page, f"{FACES:,}")
    seconds = time.perf_counter() - started
    page.close()
    server.kill()
    server.wait()
    return seconds


def page_changes(browser: Any, folder: Path) -> tuple[dict[str, list[float]], bool]:
    """Milliseconds of each page change, and whether TensorFlow was loaded after all of them."""
    server, port = start(folder)
    wait_for_port(port)
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"http://localhost:{port}")
    wait_for_text(page, f"{FACES:,}")
    times: dict[str, list[float]] = {name: [] for name in PAGES}
    for _ in range(ROUNDS):
        for name, sign in PAGES.items():
            started = time.perf_counter()
            page.get_by_test_id("stSidebar").get_by_role("link", name=name, exact=True).click()
            wait_for_text(page, sign)
            times[name].append(1000 * (time.perf_counter() - started))
            page.wait_for_timeout(300)
    maps = Path(f"/proc/{server.pid}/maps")
    loaded = maps.exists() and "tensorflow" in maps.read_text()
    page.close()
    server.kill()
    server.wait()
    return times, loaded


def main() -> None:
    """Measure and print."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        fill(folder)
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        bare = folder / "bare.py"
        bare.write_text(f'import streamlit as st\n\nst.write("{FACES:,}")\n', "utf-8")
        first_paint(browser, folder)  # warms the disk's cache, as a second start of the day does
        starts, bare_starts = [], []
        for _ in range(ROUNDS):
            starts.append(first_paint(browser, folder))
            bare_starts.append(first_paint(browser, folder, str(bare)))
        times, loaded = page_changes(browser, folder)
        browser.close()
    print(f"{FACES:,} faces in the store, medians of {ROUNDS}")
    ours, least = statistics.median(starts), statistics.median(bare_starts)
    print(f"start to home page painted: {ours:.2f} s (goal: under 2.5 s)")
    print(f"start of one line of text:  {least:.2f} s, ratio {ours / least:.2f}")
    for page_name, values in times.items():
        print(f"change to {page_name:10} {statistics.median(values):5.0f} ms (goal: under 400 ms)")
    print(f"TensorFlow loaded by the server: {'yes' if loaded else 'no'}")


if __name__ == "__main__":
    main()
