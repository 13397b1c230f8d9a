"""How fast comparison is with many runs: opening, filtering, and all paired tests.

    python benchmarks/compare.py [--folder KEEP]

Fills a store with 300 generated runs (5 backbones × 12 snapshots × 5 seeds) that are evaluated on six splits of 213 to
3,589 faces. Printed are: opening the page Compare in a real Chromium from a click to the drawn table, in a server that
has not read them yet and again; filtering its 60 trainings as one types; pinning a baseline; and in this process all
pairs of 5 backbones × 5 snapshots × 5 seeds on four splits from stored predictions, beside statsmodels' McNemar test of
as many pairs as it makes in a tenth of the time.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.browsing import FLAGS, served
from fercore.evaluation.ranking import pairwise_p
from fercore.evaluation.significance import holm
from fercore.faces.pixels import pixel_hash
from fercore.jobs import queue
from fercore.services.comparison import common_faces, evaluation, stored_evaluations
from fercore.services.training import runs as run_service
from fercore.services.training import snapshots
from fercore.services.training.runs import TrainRequest
from fercore.settings import Settings
from fercore.store import Store, open_store
from fercore.store.comparison.evaluations import ScoredFaces
from fercore.store.datasets import datasets, faces
from fercore.store.datasets.faces import NewFace
from fercore.store.training import runs
from fercore.training.models.backbones import BACKBONES
from fercore.training.recipes.recipe import MODERN

PLACES = {"FER2013": 3589, "FERPlus": 3573, "CK+": 981, "KFE": 1200, "AI Hub": 2400, "JAFFE": 213}
SNAPSHOTS, SEEDS = 12, 5


def fill(store: Store) -> None:
    """The datasets, snapshots, runs and evaluations."""
    random = np.random.default_rng(0)
    for name, count in PLACES.items():
        new = [_face(random, "test", n) for n in range(count)] + [_face(random, "train", n) for n in range(70)]
        with store.database.writing() as session:
            begun = datasets.begin_import(session, name, "folder", "bench")
            faces.add(session, begun.dataset_id, begun.id, new)
    for number in range(SNAPSHOTS):
        snapshots.freeze(store, f"s{number}", (2 * list(PLACES))[number % 6 : number % 6 + 1 + number // 6])
    targets = {name: evaluation.target_of(store, name, "test") for name in PLACES}
    hard = {name: random.beta(3, 2, count) for name, count in PLACES.items()}
    for backbone in sorted(BACKBONES):
        for number in range(SNAPSHOTS):
            for seed in range(SEEDS):
                run = run_service.create(store, TrainRequest(f"s{number}", backbone, MODERN, "none", seed))
                with store.database.writing() as session:
                    runs.set_values(session, run, status="done", reported_epoch=1)
                for name, target in targets.items():
                    labels = np.array(target.labels)
                    right = random.random(len(labels)) < np.clip(hard[name] + random.normal(0, 0.03), 0, 1)
                    said = np.where(right, labels, (labels + random.integers(1, 7, len(labels))) % 7)
                    shares = np.full((len(labels), 7), 0.05, np.float32)
                    shares[np.arange(len(labels)), said] = 0.7
                    evaluation.keep(store, run, target, "test", ScoredFaces(target.face_ids, labels, shares))


def _face(random: np.random.Generator, split: str, number: int) -> NewFace:
    gray = random.integers(0, 256, (48, 48), np.uint8)
    return NewFace(
        identity=f"{split}/{number}",
        split=split,
        emotion=number % 7,
        word="",
        pixel_hash=pixel_hash(gray),
        gray=gray,
    )


def all_pairs(store: Store) -> None:
    """All pairs of 125 runs on four splits, with Holm, from what is stored."""
    views = stored_evaluations.listed(store)
    names = {f"s{number}" for number in range(5)}
    chosen = [view for view in views if view.snapshot in names]
    common_faces.forget()
    start, tests, testing, pairs = time.perf_counter(), 0, 0.0, []
    for name in list(PLACES)[:4]:
        there = [view for view in chosen if view.dataset == name]
        common = common_faces.common(store, there)
        begun = time.perf_counter()
        p_values = pairwise_p(common.right, common.clusters if common.clustered else None)
        upper = np.triu_indices(len(there), 1)
        pairs.append(holm(p_values[upper]))
        testing += time.perf_counter() - begun
        tests += len(upper[0])
        right = common.right
    ours = time.perf_counter() - start
    from statsmodels.stats.contingency_tables import mcnemar

    begun, made = time.perf_counter(), 0
    while time.perf_counter() - begun < ours / 10:
        first, second = right[made % len(right)], right[(made + 1) % len(right)]
        mcnemar([[0, (first & ~second).sum()], [(second & ~first).sum(), 0]], exact=True)
        made += 1
    theirs = (time.perf_counter() - begun) / made * tests
    print(
        f"all pairs of {len(there)} runs on 4 splits, {tests:,} tests, from stored predictions: {ours:.2f} s (goal: 2)"
    )
    print(f"  of which the tests are {testing:.2f} s;")
    print(f"  the tests one by one with statsmodels, all read before: {theirs:.2f} s ({theirs / testing:.0f} times)")


def opened(page: Page, url: str) -> float:
    """Seconds from the click on Compare to the drawn table."""
    page.goto(url)
    page.get_by_role("link", name="Compare", exact=True).wait_for()
    page.wait_for_timeout(1_000)
    start = time.perf_counter()
    page.get_by_role("link", name="Compare", exact=True).click()
    page.locator("[data-testid=results-row]").nth(59).wait_for(timeout=60_000)
    return time.perf_counter() - start


def filtered(page: Page) -> float:
    """Milliseconds from a typed word to the table without the others."""
    return float(
        page.evaluate(
            """async () => {
              const field = document.querySelector(".fcr-filter"), began = performance.now();
              field.value = field.value ? "" : "vgg16";
              field.dispatchEvent(new Event("input", { bubbles: true }));
              await new Promise(requestAnimationFrame);
              const ended = performance.now() - began;
              await new Promise(go => setTimeout(go, 1500));
              return ended;
            }"""
        )
    )


def pinned(page: Page) -> float:
    """Seconds from a press on a star to the differences."""
    start = time.perf_counter()
    page.locator("[data-testid=results-pin]").first.click()
    page.locator("[data-testid=results-pin][aria-pressed=true]").wait_for(timeout=60_000)
    return time.perf_counter() - start


def main() -> None:
    """Fill a store where there is none, and print the times."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args().folder
    with tempfile.TemporaryDirectory() as temporary:
        folder = given or Path(temporary)
        store = open_store(Settings(data_dir=folder / "data", models_dir=folder / "models"))
        queue.advance = lambda *_: None  # type: ignore[assignment]  # nothing is trained here
        if not stored_evaluations.listed(store):
            fill(store)
        print(f"{len(stored_evaluations.listed(store)):,} evaluations of 300 runs")
        all_pairs(store)
        with served(store) as (url, _), sync_playwright() as playwright:
            path = next(p for p in ("/usr/bin/chromium", "/usr/bin/google-chrome") if Path(p).exists())
            page = playwright.chromium.launch(executable_path=path, args=FLAGS).new_page()
            page.set_default_timeout(60_000)
            print(
                f"Compare opens in {opened(page, url):.2f} s the first time, {opened(page, url):.2f} s again (goal: 2)"
            )
            print(f"its filter answers in {median(filtered(page) for _ in range(6)):.0f} ms (goal: 500)")
            print(f"a baseline is pinned in {pinned(page):.2f} s")


if __name__ == "__main__":
    main()
