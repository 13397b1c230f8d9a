"""A map as it is looked at: the faces of now, columns, choices, access, and the way to review."""

from datetime import timedelta

import numpy as np
import pytest

from fercore.clock import now
from fercore.curation.checks import Check
from fercore.errors import InputError
from fercore.services.audit import map_access, map_columns, map_selection, map_view
from fercore.services.audit.face_map import MapChoice
from fercore.services.audit.map_columns import NONE
from fercore.services.audit.map_selection import MapPlace
from fercore.services.audit.map_view import MapFilter
from fercore.services.comparison import selected_faces, selections
from fercore.services.comparison.selected_faces import Reason, Sending
from fercore.services.training import snapshots
from fercore.store.audit import audits, findings
from fercore.store.audit.findings import NewFinding
from fercore.store.tables import Face, Selection, SelectionFace, Task
from tests.conftest import fill
from tests.services.audit.mapped import POINTS, keep, known
from tests.services.comparison.conftest import HAPPY, SAD, evaluate, run

MIDDLE = np.array([(-0.6, -0.1), (0.6, -0.1), (0.6, 0.1), (-0.6, 0.1)])


@pytest.fixture(autouse=True)
def nothing_opened():
    map_view._opened.clear()
    map_access._given.clear()


def legend(column):
    return {row["key"]: row["count"] for row in column.as_json() if row["count"]}


def test_faces_and_columns(lite):
    view, ids = known(lite)
    assert view.ids.tolist() == ids and view.points.tolist() == [list(point) for point in POINTS]
    assert np.frombuffer(view.body, "<f4").reshape(2, 5).T.tolist() == [list(point) for point in POINTS]
    assert legend(view.column("emotion")) == {"Happy": 2, "Sad": 1, "Angry": 1, "none": 1}
    assert legend(view.column("split")) == {"train": 3, "test": 2}
    assert legend(view.column("dataset")) == {"D": 5}
    assert sum(legend(view.column("sharpness")).values()) == 5
    assert set(view.plain) == {"emotion", "dataset", "split", "sharpness", "brightness", "contrast"}


@pytest.mark.parametrize(
    ("change", "places", "missing"),
    [
        pytest.param({"state": "rejected"}, [0, 2, 3, 4], 0, id="rejected since"),
        pytest.param({"pixel_hash": "ab" * 32}, [0, 2, 3, 4], 1, id="another face under the same number"),
        pytest.param({"emotion": 6}, [0, 1, 2, 3, 4], 0, id="relabelled since"),
    ],
)
def test_the_map_shows_what_its_faces_are_now(lite, change, places, missing):
    view, ids = known(lite)
    with lite.database.writing() as session:
        for name, value in change.items():
            setattr(session.get_one(Face, ids[1]), name, value)
    map_view._opened.clear()
    later = map_view.opened(lite, view.choice)
    assert later.ids.tolist() == [ids[place] for place in places] and later.missing == missing
    assert later.key != view.key
    assert legend(later.column("emotion")).get("Surprise", 0) == (change == {"emotion": 6})


def test_new_faces_are_missing_and_what_did_not_change_is_read_once(lite):
    view, _ = known(lite)
    assert map_view.opened(lite, view.choice) is view
    fill(lite, "D", [1, 2], start=40)
    later = map_view.opened(lite, view.choice)
    assert (later is view, later.missing, later.key == view.key) == (False, 2, True)


def test_one_of_two_datasets_is_not_the_map_of_both(lite):
    _, ids = known(lite)
    other = fill(lite, "E", [1, 2], start=90)
    assert map_view.opened(lite, MapChoice(("D", "E"))) is None
    keep(lite, MapChoice(("D", "E")), [*ids[:3], *other])
    both = map_view.opened(lite, MapChoice(("E", "D")))
    assert legend(both.column("dataset")) == {"E": 2, "D": 3} and both.missing == 2


def test_columns_of_a_run(lite):
    view, _ = known(lite)
    snapshots.freeze(lite, "S", ["D"])
    number = run(lite)
    evaluate(lite, number, "D", "train", [HAPPY, SAD, SAD])
    assert map_columns.evaluated_runs(lite, ["D"]) == [number] and map_columns.evaluated_runs(lite, ["E"]) == []
    assert view.column("correct", number).codes.tolist() == [0, 1, 0, NONE, NONE]
    doubt = view.column("doubt", number)
    assert doubt.codes[1] > doubt.codes[0] and (doubt.codes[3:] == NONE).all()
    assert doubt.entries[-1] == pytest.approx((0.95, 0.95))
    for name, asked in (("correct", None), ("emotion", number), ("nothing", None)):
        with pytest.raises(InputError, match="no column"):
            view.column(name, asked)


def test_label_suspicion_of_an_audit(lite):
    view, ids = known(lite)
    with lite.database.writing() as session:
        audit = audits.begin(session, [1], "c", {}, "tester")
        found = [NewFinding(ids[2], label=5, score=0.9), NewFinding(ids[0], label=3, score=0.4)]
        findings.add(session, audit.id, Check.LABELS, False, found)
        audits.end(session, audit.id)
    later = map_view.opened(lite, view.choice)
    assert later is not view
    assert later.column("suspicion").codes.tolist() == [0, NONE, 1, NONE, NONE]


@pytest.mark.parametrize(
    ("wanted", "places"),
    [
        pytest.param(MapFilter(), [0, 1, 2, 3, 4], id="all"),
        pytest.param(MapFilter(MIDDLE), [1, 2, 3], id="lasso"),
        pytest.param(MapFilter(None, "emotion", (HAPPY,)), [0, 1], id="entry"),
        pytest.param(MapFilter(MIDDLE, "emotion", (HAPPY, NONE)), [1, 3], id="lasso among entries"),
        pytest.param(MapFilter(MIDDLE, "emotion", ()), [], id="no entry"),
        pytest.param(MapFilter(MIDDLE, "emotion", None), [1, 2, 3], id="a column alone chooses nothing"),
    ],
)
def test_choices(lite, wanted, places):
    view, ids = known(lite)
    assert view.chosen(wanted).tolist() == places
    shown = view.faces(view.chosen(wanted))
    assert [each["face"] for each in shown] == [ids[place] for place in places]
    assert all(len(each["gray"]) == 2304 for each in shown)


@pytest.mark.parametrize(
    ("token", "browser", "key", "opens"),
    [
        pytest.param("right", "b", "right", True, id="right"),
        pytest.param("wrong", "b", "right", False, id="wrong token"),
        pytest.param(None, "b", "right", False, id="no token"),
        pytest.param("right", "c", "right", False, id="another browser"),
        pytest.param("right", None, "right", False, id="no browser"),
        pytest.param("right", "b", "wrong", False, id="another map"),
    ],
)
def test_access(lite, token, browser, key, opens):
    view, _ = known(lite)
    given = map_access.grant(view, "b")
    access = map_access.opened(given if token == "right" else token, browser, view.key if key == "right" else "0" * 32)
    assert (access is not None) == opens


def test_access_ends_unless_it_is_used(lite, monkeypatch):
    view, _ = known(lite)
    token, moment = map_access.grant(view, None), now()
    assert len(token) >= 40
    for minutes, opens in ((50, True), (100, True), (161, False), (162, False)):
        monkeypatch.setattr(map_access, "now", lambda minutes=minutes: moment + timedelta(minutes=minutes))
        assert (map_access.opened(token, None, view.key) is not None) == opens
    assert map_access.grant(view, None, token) != token


def test_a_page_keeps_its_token_for_a_map(lite):
    view, ids = known(lite)
    token = map_access.grant(view, None)
    assert map_access.grant(view, None, token) == token
    with lite.database.writing() as session:
        session.get_one(Face, ids[0]).emotion = 6
    map_view._opened.clear()
    assert map_access.grant(map_view.opened(lite, view.choice), None, token) != token
    assert map_access.opened(token, None, view.key) is None, "a page has one map at a time"


def test_only_the_last_tokens_and_selections_are_kept(lite, monkeypatch):
    monkeypatch.setattr(map_access, "MOST_TOKENS", 2)
    monkeypatch.setattr(map_access, "MOST_SELECTIONS", 2)
    view, _ = known(lite)
    tokens = [map_access.grant(view, None) for _ in range(3)]
    assert [map_access.opened(token, None, view.key) is not None for token in tokens] == [False, True, True]
    access = map_access.opened(tokens[1], None, view.key)
    names = [map_access.keep(access, np.array([place])) for place in range(3)]
    assert map_access.selection(tokens[1], names[0]) is None
    assert map_access.selection(tokens[1], names[2])[1].tolist() == [2]
    assert map_access.selection(tokens[2], names[2]) is None, "each session has its own"


@pytest.mark.parametrize(
    ("wanted", "splits", "sent", "source"),
    [
        pytest.param([1, 2], {"train": [1, 2]}, (2, 0), "shown", id="training faces"),
        pytest.param([3, 4], {"test": [4]}, (1, 1), "hidden", id="test faces, one without a label"),
        pytest.param([1, 2, 3, 4], {"test": [4], "train": [1, 2]}, (3, 1), "hidden", id="both in one task, blind"),
    ],
)
def test_chosen_faces_go_to_review(lite, wanted, splits, sent, source):
    view, ids = mapped(lite, "D")
    parts = map_selection.to_review(view, at(view, [ids[place] for place in wanted]))
    assert {part.split: sorted(part.faces) for part in parts} == {
        split: [ids[place] for place in places] for split, places in splits.items()
    }
    assert all(part.reason == Reason.MAP and not part.runs for part in parts)
    [made] = selected_faces.write_each(lite, parts, Sending("look"))
    assert (made.faces, made.control) == sent
    look = selections.of_task(lite, made.task)
    assert (look.reason, look.runs, look.filter) == (Reason.MAP, (), {"map": ["D"], "of": [1], "seed": 0})
    with lite.database.reading() as session:
        task = session.get_one(Task, made.task)
        assert (task.name, task.source, task.blind) == ("look", source, source == "hidden")
        written = {each.split: each.id for each in session.query(Selection)}
        controls = session.query(SelectionFace).filter_by(control=True).all()
    assert set(written) == set(splits)
    assert [each.selection_id for each in controls] == [written.get("test")] * sent[1]


def test_chosen_faces_of_two_datasets_are_two_tasks(lite):
    _, ids = known(lite)
    other = fill(lite, "E" * 90, [1, 2], start=90)
    keep(lite, MapChoice(("D", "E" * 90)), [*ids[:3], *other])
    both = map_view.opened(lite, MapChoice(("D", "E" * 90)))
    chosen = at(both, [*ids[:2], *other])
    assert map_selection.places(both, chosen) == [MapPlace("D", "train", 2, 2), MapPlace("E" * 90, "train", 2, 2)]
    made = selected_faces.write_each(lite, map_selection.to_review(both, chosen), Sending("n" * 99))
    with lite.database.reading() as session:
        tasks = [session.get_one(Task, each.task) for each in made]
        assert [task.name for task in tasks] == ["n" * 96 + " · D", "n" * 40 + " · " + "E" * 57]
        assert [task.dataset_id for task in tasks] == [1, 2]


def mapped(store, dataset):
    """Six faces on a map, three of them in test, of which one has no label."""
    more = fill(store, dataset, [1], "test", 60)
    view, ids = known(store, dataset)
    keep(store, view.choice, [*ids, *more], [*POINTS, (0.2, 0.9)])
    map_view._opened.clear()
    return map_view.opened(store, view.choice), [*ids, *more]


def at(view, faces):
    """The rising places of these faces on a map."""
    order = {face: place for place, face in enumerate(view.ids.tolist())}
    return np.sort([order[face] for face in faces])
