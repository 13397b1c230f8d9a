"""A sweep of eight trainings in a browser: one killed, one cancelled, the app restarted, and the grid ends right."""

import os
import re
import signal
import time
from dataclasses import astuple

import pytest

from fercore.drawing.faces import dataset as drawn
from fercore.faces.pixels import pixel_hash
from fercore.services.training import snapshots, sweeps
from fercore.store.datasets import datasets, faces
from fercore.store.datasets.faces import NewFace
from fercore.store.tables import Job
from tests.browser.running import choose

pytestmark = [pytest.mark.browser, pytest.mark.long]
PATIENCE = 900_000  # milliseconds: eight trainings on a CPU


def draw(store, style):
    """A snapshot of drawn faces, some of them to test on."""
    for split, count, seed in (("train", 20, 0), ("test", 4, 1)):
        pixels, emotions = drawn(style, count, seed)
        new = [
            NewFace(
                identity=f"{split}/{n}",
                split=split,
                emotion=int(emotion),
                word="",
                pixel_hash=pixel_hash(face),
                gray=face,
            )
            for n, (face, emotion) in enumerate(zip(pixels, emotions, strict=True))
        ]
        with store.database.writing() as session:
            begun = datasets.begin_import(session, style, "folder", split)
            faces.add(session, begun.dataset_id, begun.id, new)
            datasets.finish_import(session, begun.id)
    snapshots.freeze(store, style, [style])


def pick(page, label, *options):
    choose(page, label, *options)
    page.keyboard.press("Escape")


def process(app, cell):
    with app.store.database.reading() as session:
        return session.get_one(Job, cell.run.job.id).pid


def cells(app):
    return sweeps.view(app.store, 1).cells


def until(condition, seconds=300):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def button(page, item):
    name = re.sub(r"[^a-zA-Z0-9_-]", "-", f"cell-1-{astuple(item.cell)}")  # as Streamlit makes a class of a key
    return page.locator(f".st-key-{name} button:visible")


def test_a_sweep_survives_what_happens_to_it(app, page):
    for style in ("west", "east"):
        draw(app.store, style)
    page.goto(f"{app.url}/sweeps")
    pick(page, "Snapshots", "west")
    pick(page, "Backbones", "VGG16")
    pick(page, "Seeds", "1")
    pick(page, "Then evaluate on", "west · test", "east · test")
    page.get_by_label("Epochs at most").fill("2")
    page.get_by_label("Epochs at most").press("Enter")
    page.get_by_text("Start training · 8").wait_for()
    page.get_by_role("button", name="Start training").and_(page.locator(":enabled")).click()
    page.get_by_text("0 of 8 cells done").wait_for()

    first, *_, last = cells(app)
    button(page, last).click()
    page.locator(f".st-key-cancel-run-{last.run.run.id} button:visible").click()
    until(lambda: cells(app)[-1].status == "cancelled")
    until(lambda: process(app, cells(app)[0]))
    os.kill(process(app, cells(app)[0]), signal.SIGKILL)
    until(lambda: cells(app)[0].status == "lost")
    app.stop()
    app.start()

    page.goto(f"{app.url}/sweeps?sweep=1")
    for item in (first, last):
        button(page, item).click()
        page.locator(f".st-key-resume-run-{item.run.run.id} button:visible").click()
    page.get_by_text("8 of 8 cells done").wait_for(timeout=PATIENCE)
    assert [cell.status for cell in cells(app)] == ["done"] * 8
    until(lambda: all(set(cell.accuracies) == {("west", "test"), ("east", "test")} for cell in cells(app)))
    assert all(len(cell.run.epochs) == 2 for cell in cells(app))
