"""Plain parts of pages: names, choices, records, walls, problems, what a browser remembers."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Literal

import pytest

from fercore import language
from fercore.errors import FercoreError, InputError
from fercore.services.review.history import HistoryPage
from fercore.store.tables import Run, Snapshot, Task
from fercore.training.recipes.recipe import MODERN, PAPER
from fercore.ui.datasets import import_problems
from fercore.ui.review import cell_banner, face_filters, history
from fercore.ui.shell import cookies, layout, session
from fercore.ui.training import recipe_form, run_facts
from fercore.ui.widgets import face_wall
from tests.conftest import fill, noise
from tests.services.comparison.test_table import evaluated


@pytest.fixture
def browser(monkeypatch):
    """The cookies and the language of the browser, and the state of its tab."""
    context = SimpleNamespace(cookies={}, locale="en-US")
    monkeypatch.setattr("streamlit.context", context)
    monkeypatch.setattr("streamlit.session_state", {})
    return context


@pytest.mark.parametrize(
    ("split", "shown", "words"),
    [
        ("validation", False, ": **labelled Happy, predicted Sad**"),
        ("train", False, ": **labelled Happy, predicted Sad**"),
        ("test", False, ": the faces of one confusion cell"),
        ("test", True, ": **labelled Happy, predicted Sad**"),
    ],
)
def test_a_cell_is_named_and_of_test_faces_only_on_demand(monkeypatch, split, shown, words):
    monkeypatch.setattr("streamlit.toggle", lambda *_, **__: shown)
    found = cell_banner._words(evaluated(7, 0.5, dataset="D*", split=split), 3, 5)
    assert found == rf"Run 7 (MobileNetV2) on D\*, {split}{words}"


@pytest.mark.parametrize(
    ("annotation", "shape"),
    [
        (bool, ([], False, {bool})),
        (int | None, ([], True, {int})),
        (Literal["adam", "sgd"], (["adam", "sgd"], False, set())),
        (Literal["auto"] | float | None, (["auto"], True, {float})),
        (Literal["a", "b"] | None, (["a", "b"], True, set())),
    ],
)
def test_the_shape_of_a_knob(annotation, shape):
    assert recipe_form._shape(annotation) == shape


@pytest.mark.parametrize(
    ("description", "choices", "text"),
    [
        (None, [], None),
        ("", [], None),
        ("Faces at once", [], "Faces at once"),
        (None, ["auto"], "auto, or a number"),
        ("Size", ["auto", "full"], "Size; auto, full, or a number"),
    ],
)
def test_the_help_of_a_knob(description, choices, text):
    assert recipe_form._help(description, choices) == text


def test_a_form_is_another_one_once_the_recipe_has_changed():
    first, second, third = (
        recipe_form.stamped(one) for one in (MODERN, MODERN.model_copy(update={"epochs": 99}), PAPER)
    )
    assert first == recipe_form.stamped(MODERN.model_copy()) and len({first, second, third}) == 3
    assert first.startswith("modern-") and len(first) == len("modern-") + 8


def test_the_record_of_a_run():
    run = Run(recipe={"name": "own"}, class_weights=None, seed=3, epochs=9, weights="none", record={"commit": "c"})
    found = SimpleNamespace(run=run, snapshot=Snapshot(name="S", hash="a" * 64))
    assert run_facts.record(found) == {
        **{"recipe": {"name": "own"}, "class weights": None, "seed": 3, "epochs": 9, "start": "none"},
        "snapshot": {"name": "S", "hash": "a" * 64},
        "record": {"commit": "c"},
    }


@pytest.mark.parametrize(
    ("status", "watches", "watched", "evaluated_on", "said"),
    [
        pytest.param("running", "validation", 0.5, [], [], id="it runs"),
        pytest.param(
            "done",
            "validation",
            0.5,
            [],
            ["Reported: epoch 2 of 3 · validation accuracy 50.0% · training accuracy 75.0%", "Evaluate this run"],
            id="not evaluated",
        ),
        pytest.param(
            "done",
            "training slice",
            0.5,
            [],
            [
                "Reported: epoch 2 of 3 · 50.0% on training faces that were held out · training accuracy 75.0%",
                "Evaluate this run",
            ],
            id="a part of the training faces watched",
        ),
        pytest.param(
            "done",
            "nothing",
            None,
            [(1, "D*", "test"), (2, "D", "train"), (1, "E", "train")],
            ["Reported: epoch 2 of 3 · training accuracy 75.0%", r"D\* test · 25.0%", "E train · 25.0%"],
            id="evaluated",
        ),
    ],
)
def test_what_is_said_of_a_reported_epoch(monkeypatch, status, watches, watched, evaluated_on, said):
    told = []
    listed = [evaluated(run, 0.25, dataset=dataset, split=split) for run, dataset, split in evaluated_on]
    row = SimpleNamespace(page_link=lambda page, label, **_: told.append(label))
    monkeypatch.setattr("streamlit.caption", told.append)
    monkeypatch.setattr("streamlit.container", lambda **_: row)
    monkeypatch.setattr(run_facts, "store", lambda: None)
    monkeypatch.setattr(run_facts.preflight, "leaks", lambda store, snapshot: [])
    monkeypatch.setattr(run_facts.stored_evaluations, "listed", lambda store: listed)
    monkeypatch.setattr(run_facts.stored_evaluations, "stale", lambda store, found: set())
    epoch = SimpleNamespace(number=2, accuracy=0.75, val_accuracy=watched)
    run = SimpleNamespace(id=1, status=status, recipe={"validate_on": watches})
    run_facts.reported(SimpleNamespace(run=run, reported=epoch, epochs=[1, 2, 3], snapshot=SimpleNamespace(name="S")))
    assert told == said


@pytest.mark.parametrize(
    ("decisions", "standing", "words"),
    [
        (0, 0, "**0 decisions** in effect."),
        (1, 1, "**1 decision** in effect."),
        (5, 4, "**4 decisions** in effect, 1 more was undone."),
        (1500, 1200, "**1,200 decisions** in effect, 300 more were undone."),
    ],
)
def test_decisions_are_counted(decisions, standing, words):
    assert history._counted(HistoryPage([], decisions, standing)) == words


@pytest.mark.parametrize(("choice", "shown"), [("", "all"), ("Kim", "Kim")])
def test_any_choice(choice, shown):
    assert history._any(choice) == shown


def test_a_moment_that_was_typed_is_the_servers():
    typed = datetime(2026, 3, 1, 9, 30)
    assert history._here(None) is None
    found = history._here(typed)
    assert found.tzinfo is not None and found.replace(tzinfo=None) == typed


@pytest.mark.parametrize(
    ("query", "works", "task"),
    [
        pytest.param({}, False, 4, id="no wish"),
        pytest.param({"task": "7"}, False, 7, id="another task"),
        pytest.param({"task": "0"}, False, 0, id="no task"),
        pytest.param({"task": "9"}, False, 4, id="a task of others"),
        pytest.param({"task": "x"}, False, 4, id="no number"),
        pytest.param({"dataset": "D"}, False, 0, id="a dataset"),
        pytest.param({"cell": "1.2.3"}, False, 0, id="a cell"),
        pytest.param({"faces": "1-5"}, False, 0, id="faces"),
        pytest.param({"dataset": "D"}, True, 4, id="a dataset, once somebody works"),
        pytest.param({"dataset": "D", "task": "7"}, False, 7, id="a task and a dataset"),
    ],
)
def test_the_task_that_an_address_asks_for(monkeypatch, query, works, task):
    monkeypatch.setattr("streamlit.query_params", query)
    monkeypatch.setattr("streamlit.session_state", {"desk": None} if works else {})
    assert face_filters._asked_for((4, 7)) == task


@pytest.mark.parametrize(("blind", "source"), [(True, "hidden"), (False, "shown")])
@pytest.mark.parametrize("instructions", ["", "Look at the *mouth*."])
def test_the_faces_of_a_task(monkeypatch, blind, source, instructions):
    told = []
    monkeypatch.setattr("streamlit.text", told.append)
    monkeypatch.setattr(face_filters, "reviewer", lambda: "Kim")
    task = Task(id=5, dataset_id=3, blind=blind, source=source, instructions=instructions)
    view = face_filters.of_task(task)
    assert (view.dataset_id, view.reviewer, view.task, view.blind, view.source) == (3, "Kim", 5, blind, source)
    assert told == [instructions] * bool(instructions)


@pytest.mark.parametrize(
    ("task", "met", "held", "words"),
    [
        (None, True, 3, "Nothing here is left to look at"),
        (4, True, 3, "You have made all decisions"),
        (4, False, 1, "The last face is being reviewed by another person"),
        (4, False, 3, "The last 3 faces are being reviewed by others"),
        (4, False, 0, "This task holds nothing more for you"),
    ],
)
def test_why_no_face_is_shown(monkeypatch, task, met, held, words):
    told = []
    for kind in ("success", "info"):
        monkeypatch.setattr(f"streamlit.{kind}", lambda text, **_: told.append(text))
    monkeypatch.setattr(face_filters, "store", lambda: None)
    monkeypatch.setattr(face_filters.assignments, "quota_is_met", lambda store, task, person: met)
    monkeypatch.setattr(face_filters.assignments, "in_hand", lambda store, task: held)
    face_filters.nothing_left(SimpleNamespace(task=task, reviewer="Kim"))
    assert len(told) == 1 and told[0].startswith(words)


@pytest.mark.parametrize(("wide", "name"), [(False, '"fc-wall"'), (True, '"fc-wall fc-wide"')])
def test_a_wall_has_the_faces_that_are_there_in_their_order(monkeypatch, lite, wide, name):
    drawn = []
    monkeypatch.setattr("streamlit.html", drawn.append)
    monkeypatch.setattr(face_wall, "store", lambda: lite)
    first, second = fill(lite, "D", [3, 5])
    face_wall.wall([second, 999, first], {first: "90%"}, wide, {second: "/review?face=1&x=<"})
    [html] = drawn
    assert f"class={name}" in html and html.count("<figure") == 2
    tiles = html.split("<figure")[1:]
    assert f'data-face-id="{second}"' in tiles[0] and 'href="/review?face=1&amp;x=&lt;" aria-label=""' in tiles[0]
    assert f'data-face-id="{first}"' in tiles[1] and "<figcaption>90%</figcaption>" in tiles[1]
    assert "href" not in tiles[1] and face_wall.picture(noise(0).tobytes()) in tiles[1]


@pytest.mark.parametrize(
    ("kept", "labels"),
    [
        pytest.param([], [], id="none"),
        pytest.param([{"where": "a", "why": "bad"}], ["1 not used"], id="one"),
        pytest.param(
            [{"where": "a", "why": "bad"}, {"where": "f", "why": "more", "more": "1500"}], ["1,501 not used"], id="more"
        ),
        pytest.param(
            [{"where": "a", "why": "new", "kind": "changed"}, {"where": "b", "why": "bad"}],
            ["1 not used", "1 imported anew: changed since it was read first"],
            id="changed ones apart",
        ),
        pytest.param(
            [{"where": "a", "why": "new", "kind": "changed"}] * 2,
            ["2 imported anew: changed since they were read first"],
            id="changed ones alone",
        ),
    ],
)
def test_what_an_import_could_not_use(monkeypatch, tables, lite, kept, labels):
    told = []

    class Folded:
        def __init__(self, label):
            told.append(label)

        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

    monkeypatch.setattr("streamlit.expander", Folded)
    monkeypatch.setattr(import_problems, "store", lambda: lite)
    (lite.logs / "import-7-2026-problems.csv").write_text("where,why\n")
    import_problems.of_import(7, kept)
    assert told == labels
    assert [one for one in tables if isinstance(one, bytes)] == [b"where,why\n"] * bool(kept), (
        "a file, where there is a problem"
    )


@pytest.mark.parametrize(
    ("cookie", "value"), [(None, None), ("", None), ("Kim", "Kim"), ("%EA%B9%80%20A", "김 A"), ("a%25b", "a%b")]
)
def test_what_a_browser_remembers(browser, cookie, value):
    browser.cookies = {"reviewer": "another's"} | ({} if cookie is None else {"fercore_reviewer": cookie})
    assert cookies.remembered("reviewer") == value


def test_only_what_is_new_is_remembered(browser, monkeypatch):
    told = []
    browser.cookies = {"fercore_reviewer": "Kim", "fercore_language": "en"}
    monkeypatch.setattr(cookies, "_component", lambda: lambda **given: told.append(given["data"]))
    cookies.remember({"reviewer": "Kim", "language": "ko"}, "ko")
    assert told == [{"cookies": {"fercore_language": "ko"}, "language": "ko"}]


@pytest.mark.parametrize(
    ("chosen", "cookie", "locale", "used"),
    [
        pytest.param(None, None, "ko-KR", "ko", id="the browser's"),
        pytest.param(None, None, "KO", "ko", id="in capitals"),
        pytest.param(None, None, "de-DE", "en", id="one that is not here"),
        pytest.param(None, None, None, "en", id="none"),
        pytest.param(None, "en", "ko-KR", "en", id="chosen earlier"),
        pytest.param(None, "xx", "ko-KR", "ko", id="a cookie of nothing"),
        pytest.param("en", "ko", "ko-KR", "en", id="chosen here"),
    ],
)
def test_the_language_of_a_tab(browser, chosen, cookie, locale, used):
    import streamlit as st

    browser.locale = locale
    browser.cookies = {} if cookie is None else {"fercore_language": cookie}
    if chosen:
        st.session_state["language"] = chosen
    session.choose_language()
    assert language.current() == used == st.session_state["language"]


@pytest.mark.parametrize(
    ("chosen", "cookie", "person"),
    [
        (None, None, "tester"),
        ("Kim", None, "Kim"),
        (None, "Kim", "Kim"),
        ("Lee", "Kim", "Lee"),
        ("Old", None, "Lee"),
        ("Nobody", None, "tester"),
        (None, "Nobody", "tester"),
        (7, None, "tester"),
    ],
)
def test_the_reviewer_of_a_tab(browser, monkeypatch, chosen, cookie, person):
    import streamlit as st

    settings = SimpleNamespace(settings=SimpleNamespace(user="tester"))
    monkeypatch.setattr(session, "store", lambda: settings)
    monkeypatch.setattr(session.reviewers, "listed", lambda store: ["tester", "Kim", "Lee"])
    monkeypatch.setattr(session.reviewers, "present_name", lambda store, name: "Lee" if name == "Old" else name)
    browser.cookies = {} if cookie is None else {"fercore_reviewer": cookie}
    if chosen is not None:
        st.session_state["reviewer"] = chosen
    assert session.reviewer() == person


@pytest.mark.parametrize(
    ("error", "told"),
    [(InputError("a *b*"), ("warning", r"a \*b\*")), (FercoreError("a *b*"), ("error", r"a \*b\*")), (None, None)],
)
def test_foreseen_failures_are_messages(monkeypatch, error, told):
    said = []
    for kind in ("warning", "error"):
        monkeypatch.setattr(f"streamlit.{kind}", lambda text, icon, kind=kind: said.append((kind, text)))
    with session.shown_errors():
        if error:
            raise error
    assert said == ([told] if told else [])


def test_a_desk_is_left_once(browser):
    import streamlit as st

    left = []
    st.session_state["desk"] = SimpleNamespace(leave=lambda: left.append(datetime.now(UTC)))
    session.leave_desk()
    session.leave_desk()
    assert len(left) == 1 and "desk" not in st.session_state


def test_where_nothing_is_yet_the_way_on_is_shown(monkeypatch):
    told = []
    monkeypatch.setattr("streamlit.info", lambda text, **_: told.append(text))
    monkeypatch.setattr("streamlit.page_link", lambda page, label, **_: told.append((page, label)))
    monkeypatch.setattr("streamlit.stop", lambda: told.append("stop"))
    layout.nothing_yet("No run yet.", "pages/models/train.py", "Train")
    assert told == ["No run yet.", ("pages/models/train.py", "Train"), "stop"]


@pytest.mark.parametrize(("crops", "more"), [(0, []), (1, ["1 crop that was"]), (3, ["3 crops that were"])])
def test_a_revert_tells_of_crops_that_go_with_it(monkeypatch, crops, more):
    told = []
    for kind in ("write", "caption", "warning", "markdown"):
        monkeypatch.setattr(f"streamlit.{kind}", lambda text, **_: told.append(text))
    monkeypatch.setattr("streamlit.button", lambda *_, **__: False)
    monkeypatch.setattr(history, "reviewer", lambda: "Lee")
    history._confirm(SimpleNamespace(reviewer="Kim", dataset=None), 12, crops)
    found = [text for text in told if "crop" in text]
    assert [text.startswith(word) for text, word in zip(found, more, strict=True)] == [True] * len(more)
    assert told[0].startswith("12 decisions of Kim are") and "Lee" in told[0]
