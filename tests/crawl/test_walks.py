"""Random walks through the pages as AppTest runs them: cheap, many, and repeated by their seeds."""

import os
import random

import pytest
from streamlit.testing.v1 import AppTest, element_tree

from fercore import language as languages
from fercore.services.training import devices
from fercore.services.training.devices import BackendReport
from fercore.settings import ROOT
from fercore.training.hardware.devices import BackendDevices
from fercore.training.hardware.precision import Device
from fercore.ui.shell import session

PAGES = [path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "pages").glob("*/*.py"))]
STEPS = 10
element_tree_wording = element_tree._format_value_for_widget
KINDS = ("selectbox", "multiselect", "checkbox", "toggle", "button", "number_input", "text_input", "segmented_control")


class Option(str):
    """An option as a selector shows it; AppTest would word it once more."""


def worded(format_func, value):
    return str(value) if isinstance(value, Option) else element_tree_wording(format_func, value)


@pytest.fixture
def walked(filled, monkeypatch):
    """A copy of the filled installation as the app's own store, in which no job starts."""
    from fercore.jobs import queue

    monkeypatch.setenv("FERCORE_DATA_DIR", str(filled / "data"))
    monkeypatch.setenv("FERCORE_MODELS_DIR", str(filled / "models"))
    monkeypatch.setattr(queue, "advance", lambda *_: None)
    answer = BackendReport(BackendDevices("tensorflow", (Device("cpu", "cpu"),), "no driver"))
    monkeypatch.setattr(devices, "known", lambda settings: answer)
    monkeypatch.setattr(element_tree, "_format_value_for_widget", worded)
    session.store.clear()
    yield
    session.store().database.close()
    session.store.clear()
    languages.use("en")


def widgets(app):
    return [widget for kind in KINDS for widget in app.get(kind) if not getattr(widget, "disabled", False)]


def act(widget, chance):
    """Do what a person might do with a widget; returns it in words."""
    kind = type(widget).__name__
    if kind == "Button":
        widget.click()
    elif kind in ("Checkbox", "Toggle"):
        widget.set_value(not widget.value)
    elif kind in ("Selectbox", "ButtonGroup", "SegmentedControl") and widget.options:
        widget.set_value(Option(chance.choice(list(widget.options))))
    elif kind == "Multiselect" and widget.options:
        count = chance.randint(0, min(3, len(widget.options)))
        widget.set_value([Option(option) for option in chance.sample(list(widget.options), count)])
    elif kind == "NumberInput":
        widget.set_value(chance.choice([widget.min or 0, widget.max or 100, 3]))
    elif kind == "TextInput":
        widget.set_value(chance.choice(["", "x", "**y** <b>", "0", "/nowhere", "김"]))
    return f"{kind} {getattr(widget, 'label', '')!r} = {getattr(widget, 'value', '')!r}"


@pytest.mark.parametrize(
    ("page", "language"),
    [
        pytest.param(page, language, marks=[] if (place + turn) % 2 else pytest.mark.long)
        for place, page in enumerate(PAGES)
        for turn, language in enumerate(("en", "ko"))
    ],
)
def test_a_walk_meets_no_fault(walked, page, language):
    seed = int(os.environ.get("FERCORE_CRAWL_SEED", random.randrange(10**6)))
    print(f"FERCORE_CRAWL_SEED={seed}")
    chance = random.Random(f"{seed} {page} {language}")
    languages.use(language)  # AppTest words the options of selectors in this thread
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    app.session_state["language"] = language
    app.run()
    app.switch_page(page).run()
    steps = [page]
    for _ in range(STEPS):
        result = widgets(app)
        if not result:
            break
        steps.append(act(chance.choice(result), chance))
        app.run()
        languages.use(app.session_state["language"])  # a step may have changed it
        assert not app.exception, [*steps, app.exception]
