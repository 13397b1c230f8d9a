"""The page Map of faces: what it offers without a map, the job it asks for, and the way of chosen faces to review."""

import numpy as np
import pytest
from sqlalchemy import select

from fercore.services.audit import map_access, map_view
from fercore.services.audit.face_map import MapChoice
from fercore.store.tables import Job, Selection, Task
from fercore.ui import scatter_map
from fercore.ui.shell.text import literal
from tests.conftest import fill
from tests.pages.conftest import opened, press, texts
from tests.services.audit.mapped import keep, known

PAGE = "curate/map.py"


@pytest.fixture(autouse=True)
def nothing_opened():
    map_view._opened.clear()
    map_access._given.clear()


def jobs_of(store):
    with store.database.reading() as session:
        return [job.arguments for job in session.scalars(select(Job).where(Job.kind == "map"))]


@pytest.mark.parametrize(("language", "words"), [("en", "nothing to map yet"), ("ko", "아직 지도로 만들 얼굴이")])
def test_without_a_dataset_there_is_nothing_to_map(lite, language, words):
    app = opened(PAGE, language)
    assert words in texts(app) and not app.button


def test_a_map_is_asked_for_once(lite):
    fill(lite, "D", [0] * 12)
    fill(lite, "E", [1], start=50)
    app = opened(PAGE)
    assert "No map of these faces yet" in texts(app)
    app.multiselect(key="map-datasets").select(1).run()
    app.number_input(key="map-seed").set_value(4).run()
    press(app, "Make the map")
    assert jobs_of(lite) == [{"of": [{"dataset": "D"}], "run": None, "seed": 4}]
    assert next(button for button in app.button if button.label == "Make the map").disabled
    assert "Map the faces of D" in texts(app)


def test_a_map_that_is_there_is_drawn(lite, monkeypatch):
    view, _ = known(lite)
    shown = []
    monkeypatch.setattr(scatter_map, "draw", lambda *given: shown.append(given) or Answered())
    app = opened(PAGE)
    [(drawn, page, _)] = shown
    assert (drawn.key, page, drawn.run) == (view.key, "map", None)
    assert drawn.columns == ["emotion", "dataset", "split", "brightness", "contrast", "sharpness"]
    assert map_access._given[drawn.token].view is view
    assert "Make the map" not in [button.label for button in app.button]
    app.run()
    assert shown[-1][0].token == drawn.token, "a page keeps its token"
    fill(lite, "D", [1], start=70)
    app.run()
    assert "Make it again with 1 new face" in [button.label for button in app.button]


def test_columns_of_a_run_are_offered_where_one_was_evaluated(full, monkeypatch):
    with full.database.reading() as session:
        from fercore.store.tables import Face

        ids = list(session.scalars(select(Face.id).order_by(Face.id)))
    keep(full, MapChoice(("D",)), ids, np.zeros((len(ids), 2)))
    shown = []
    monkeypatch.setattr(scatter_map, "draw", lambda *given: shown.append(given) or Answered())
    opened(PAGE)
    assert shown[0][0].run == 1 and {"correct", "doubt"} <= set(shown[0][0].columns)


class Answered:
    """What the browser told."""

    def __init__(self, selection=None, renewed=None):
        self.selection, self.renewed = selection, renewed


@pytest.fixture
def chosen(lite, monkeypatch):
    """Four faces chosen on a map, two in train and two in test, one of which has no label."""
    view, _ = known(lite)
    token = map_access.grant(view, None)
    name = map_access.keep(map_access.opened(token, None, view.key), np.array([1, 2, 3, 4]))
    monkeypatch.setattr(map_access, "grant", lambda *_: token)
    monkeypatch.setattr(scatter_map, "draw", lambda *_: Answered(name))
    return lite


def test_chosen_faces_are_sent_to_review(chosen):
    app = opened(PAGE)
    for words in ("Review these", "D · test · 2 faces", "D · train · 2 faces", "1 face without a label is left out"):
        assert words in texts(app)
    app.text_input(key="send-name").set_value("Second look").run()
    press(app, "Send 3 faces")
    with chosen.database.reading() as session:
        [task] = session.scalars(select(Task))
        assert (task.name, task.blind, task.source) == ("Second look", True, "hidden")
        assert [(each.task_id, each.reason, each.split) for each in session.scalars(select(Selection))] == [
            (task.id, "map", "test"),
            (task.id, "map", "train"),
        ]
    assert "The task was made: 3 chosen faces, 0 control faces" in texts(app)


def test_the_task_says_why(chosen):
    app = opened(PAGE)
    press(app, "Send 3 faces")
    assert "Map of faces · D" in texts(opened("curate/tasks.py"))


def test_a_token_that_was_refused_is_renewed(lite, monkeypatch):
    view, _ = known(lite)
    tokens = []

    def draw(shown, *_):
        tokens.append(shown.token)
        return Answered(renewed=tokens[0])

    monkeypatch.setattr(scatter_map, "draw", draw)
    opened(PAGE)
    assert len(tokens) == 2 and tokens[0] != tokens[1]
    assert map_access._given[tokens[1]].view is view


def test_a_map_whose_faces_are_gone(lite):
    _, ids = known(lite)
    map_view._opened.clear()  # it is read anew after decisions
    with lite.database.writing() as session:
        from fercore.store.tables import Face

        for face in ids:
            session.get_one(Face, face).state = "rejected"
    assert "None of the faces on this map is there any more" in texts(opened(PAGE))


def test_names_of_datasets_are_text(lite, monkeypatch):
    names = ("*a* $b$", "<b>x")  # no name has a slash
    ids = [face for at, name in enumerate(names) for face in fill(lite, name, [1, 2], start=20 * at)]
    keep(lite, MapChoice(names), ids, np.zeros((4, 2)))
    view = map_view.opened(lite, MapChoice(names))
    token = map_access.grant(view, None)
    chosen = map_access.keep(map_access.opened(token, None, view.key), np.arange(4))
    monkeypatch.setattr(map_access, "grant", lambda *_: token)
    monkeypatch.setattr(map_view, "opened", lambda *_: view)
    monkeypatch.setattr(scatter_map, "draw", lambda *_: Answered(chosen))
    app = opened(PAGE)
    captions = [each.value for each in app.caption]
    for name in names:
        assert literal(f"{name} · train · 2 faces") in captions
    press(app, "Send 4 faces")
    assert "The task was made" in texts(app), texts(app)
    with lite.database.reading() as session:
        made = list(session.scalars(select(Task.name).order_by(Task.dataset_id)))
    assert made == [f"Second look at *a* $b$, <b>x · {name}" for name in names]
    assert "*a* $b$" in texts(opened("curate/tasks.py"))
