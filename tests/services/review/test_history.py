"""The history of decisions, and a range of it taken back."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from fercore.clock import now
from fercore.curation.review_filter import Cursor, ReviewFilter
from fercore.errors import InputError, NotFoundError
from fercore.services.datasets import catalogue
from fercore.services.review import assignments, decision_transfer, face_detail, grid
from fercore.services.review import history as history_service
from fercore.services.review.assignments import TaskPlan
from fercore.services.review.history import HistoryQuery
from fercore.store.review import history
from fercore.store.tables import Decision, Vote
from tests.conftest import fill
from tests.services.review.past import dataset_of, decide, labels


@pytest.fixture
def decided(store):
    """Kim made all sad yesterday and half happy an hour ago, Lee a quarter angry in between."""
    faces, other = fill(store, "D", [4] * 40), fill(store, "E", [4] * 4)
    decide(store, "Kim", faces, 5, hours_ago=24)
    decide(store, "Lee", faces[:10], 0, hours_ago=12)
    decide(store, "Kim", faces[:20], 3, hours_ago=1)
    decide(store, "Kim", other, 6, hours_ago=1)
    return faces, other


@pytest.mark.parametrize(
    ("hours", "dataset", "taken", "expected", "elsewhere"),
    [
        pytest.param((2, 0), "D", 20, [0] * 10 + [5] * 30, 6, id="an hour in one dataset"),
        pytest.param((2, 0), None, 24, [0] * 10 + [5] * 30, 4, id="an hour everywhere"),
        pytest.param((25, 2), "D", 40, [3] * 20 + [4] * 20, 6, id="yesterday, with later decisions kept"),
        pytest.param((None, None), "D", 60, [0] * 10 + [4] * 30, 6, id="all of it"),
        pytest.param((99, 98), "D", 0, [3] * 20 + [5] * 20, 6, id="an hour without decisions"),
    ],
)
def test_a_range_is_taken_back(store, decided, monkeypatch, hours, dataset, taken, expected, elsewhere):
    monkeypatch.setattr(history, "CHUNK", 7)
    faces, other = decided
    since, until = (None if ago is None else now() - timedelta(hours=ago) for ago in hours)
    request = HistoryQuery(dataset, "Kim", since, until)
    assert history_service.look(store, request).standing == taken
    assert history_service.revert(store, request) == taken
    assert labels(store, faces) == expected and labels(store, other) == [elsewhere] * 4
    assert history_service.revert(store, request) == 0, "what was taken back stays so"


def test_the_history_keeps_everything(store, decided):
    history_service.revert(store, HistoryQuery("D", "Kim", now() - timedelta(hours=2)))
    result = history_service.look(store, HistoryQuery("D"), limit=25)
    assert (result.decisions, result.standing, len(result.latest)) == (70, 50, 25)
    assert [past.kind for past in result.latest[:21]] == ["reverted"] * 20 + ["relabelled"]
    assert result.latest[20].undone and result.latest[20].dataset == "D"
    assert {(past.reviewer, past.of) for past in result.latest[:20]} == {("tester", "Kim")}
    assert history_service.reviewers(store) == ["Kim", "Lee", "tester"]


def test_a_revert_is_the_act_of_the_person_who_reverts_and_can_be_undone(store, decided, monkeypatch):
    monkeypatch.setattr(history, "CHUNK", 7)
    faces, other = decided
    before, there = labels(store, faces), votes(store)
    assert history_service.revert(store, HistoryQuery(None, "Kim"), by="Judge") == 64
    with store.database.reading() as session:
        whose = select(Decision.reviewer).where(Decision.kind.in_(["undone", "reverted"])).distinct()
        assert list(session.scalars(whose)) == ["Judge"]
    assert labels(store, other) == [4] * 4
    [done] = history_service.reverts(store)
    assert (done.by, done.of, done.decisions, done.undone) == ("Judge", "Kim", 64, False)
    assert history_service.restore(store, done.action, by="Park") == 64
    assert labels(store, faces) == before and votes(store) == there
    assert history_service.look(store, HistoryQuery()).standing == 74
    assert history_service.reverts(store)[0].undone and history_service.restore(store, done.action) == 0, "once only"
    assert history_service.revert(store, HistoryQuery("E", "Kim"), by="Judge") == 4, (
        "what was restored can be reverted again"
    )
    assert labels(store, other) == [4] * 4 and labels(store, faces) == before
    assert [revert.decisions for revert in history_service.reverts(store)] == [4, 64]


def votes(store):
    with store.database.reading() as session:
        rows = session.scalars(select(Vote).order_by(Vote.face_id, Vote.reviewer))
        return [(vote.face_id, vote.reviewer, vote.sequence, vote.emotion) for vote in rows]


def test_what_was_decided_after_a_revert_stays_when_that_is_undone(store):
    faces = fill(store, "D", [4] * 2)
    decide(store, "Kim", faces, 5, hours_ago=1)
    history_service.revert(store, HistoryQuery("D", "Kim"), by="Judge")
    decide(store, "Kim", faces[:1], 3)
    history_service.restore(store, history_service.reverts(store)[0].action, by="Judge")
    assert labels(store, faces) == [3, 5]


def test_a_person_s_own_undo_is_theirs_and_knows_nothing_of_reverts(store):
    faces = fill(store, "D", [4] * 3)
    view = ReviewFilter(dataset_of(store, faces[0]), "Kim")
    for face, emotion in zip(faces, (5, 3, 1), strict=True):
        decide(store, "Kim", [face], emotion)
    last = {"id": str(uuid4()), "type": "undo", "undoes": None}
    grid.commit(store, view, [last])
    assert labels(store, faces) == [5, 3, 4]
    history_service.revert(store, HistoryQuery("D", "Kim", since=None), by="Kim")
    with store.database.reading() as session:
        undoing = session.execute(select(Decision.kind, Decision.reviewer).where(Decision.undoes.is_not(None)))
        assert sorted(map(tuple, undoing)) == [("reverted", "Kim"), ("reverted", "Kim"), ("undone", "Kim")]
    assert grid.commit(store, view, [last | {"id": str(uuid4())}]).undone_face is None, "nothing is left"
    history_service.restore(store, history_service.reverts(store)[0].action, by="Kim")
    grid.commit(store, view, [last | {"id": str(uuid4())}])
    assert labels(store, faces) == [5, 4, 4], "Kim's last action in effect, not the revert"


def test_a_revert_travels_with_the_decisions(store, tmp_path):
    faces = fill(store, "D", [4] * 4)
    decide(store, "Kim", faces, 5)
    decide(store, "Lee", faces[:1], 3)
    history_service.revert(store, HistoryQuery("D", "Kim"), by="Judge")
    before = labels(store, faces), votes(store)
    decision_transfer.export(store, tmp_path / "d.jsonl")
    catalogue.remove(store, "D")
    faces = fill(store, "D", [4] * 4)
    decision_transfer.import_file(store, tmp_path / "d.jsonl")
    assert labels(store, faces) == before[0]
    assert [(revert.by, revert.of, revert.decisions) for revert in history_service.reverts(store)] == [
        ("Judge", "Kim", 4)
    ]


def test_in_a_task_it_is_to_be_decided_again(store):
    faces = fill(store, "D", [4] * 10)
    task = assignments.create(store, TaskPlan("t", "D"))
    view = ReviewFilter(dataset_of(store, faces[0]), "Kim", task=task)
    page = grid.open_page(store, view, Cursor(), 10)
    decide(store, "Kim", page.face_ids, 3, task=task)
    assert assignments.listed(store)[0].left == 0
    assert history_service.revert(store, HistoryQuery("D", "Kim")) == 10
    assert assignments.listed(store)[0].left == 10
    assert grid.open_page(store, view, Cursor(), 10).face_ids == faces


def test_a_task_has_a_history_of_its_own(store):
    faces = fill(store, "D", [4] * 10)
    decide(store, "Kim", faces[:3], 5)
    task = assignments.create(store, TaskPlan("t", "D"))
    view = ReviewFilter(dataset_of(store, faces[0]), "Kim", task=task)
    page = grid.open_page(store, view, Cursor(), 4)
    action = str(uuid4())
    events = [
        {"id": str(uuid4()), "action": action, "face": face, "emotion": 3, "page": page.id} for face in page.face_ids
    ]
    grid.commit(store, view, events)
    assert [history_service.look(store, HistoryQuery(task=item)).decisions for item in (None, task, task + 1)] == [
        7,
        4,
        0,
    ]
    assert history_service.revert(store, HistoryQuery(reviewer="Kim", task=task)) == 4
    assert labels(store, faces) == [5, 5, 5] + [4] * 7
    result = history_service.look(store, HistoryQuery(task=task))
    assert (result.decisions, result.standing, len(result.latest)) == (4, 0, 8)


@pytest.mark.parametrize(
    ("wanted", "error", "words"),
    [
        pytest.param(HistoryQuery("D"), InputError, "whose", id="of everybody"),
        pytest.param(HistoryQuery("X", "Kim"), NotFoundError, "no dataset", id="an unknown dataset"),
        pytest.param(
            HistoryQuery("D", "Kim", now(), now() - timedelta(hours=1)), InputError, "before it begins", id="turned"
        ),
    ],
)
def test_what_is_not_taken_back(store, decided, wanted, error, words):
    with pytest.raises(error, match=words):
        history_service.revert(store, wanted)
    with store.database.reading() as session:
        assert set(session.scalars(select(Decision.kind))) == {"relabelled"}


def test_the_history_of_a_face_names_who_reverted(store):
    faces = fill(store, "D", [4])
    decide(store, "Kim", faces, 5)
    history_service.revert(store, HistoryQuery("D", "Kim"), by="Judge")
    view = ReviewFilter(dataset_of(store, faces[0]), "Lee")
    assert face_detail.detail(store, view, faces[0])["history"][-1].endswith("Judge: reverted")
    blind = ReviewFilter(view.dataset_id, "Kim", blind=True)
    assert len(face_detail.detail(store, blind, faces[0])["history"]) == 2, "it is about Kim's own decision"


def test_what_is_reverted_is_free_for_others_at_once(store):
    faces = fill(store, "D", [4] * 6)
    task = assignments.create(store, TaskPlan("t", "D"))
    kim = ReviewFilter(dataset_of(store, faces[0]), "Kim", task=task)
    page = grid.open_page(store, kim, Cursor(), 6)
    events = [
        {"id": str(uuid4()), "action": str(uuid4()), "face": face, "emotion": 3, "page": page.id} for face in faces
    ]
    grid.commit(store, kim, events)
    assert grid.open_page(store, replace(kim, reviewer="Lee"), Cursor(), 6).face_ids == []
    history_service.revert(store, HistoryQuery("D", "Kim"), by="Judge")
    lee = grid.open_page(store, replace(kim, reviewer="Lee"), Cursor(), 2)
    assert lee.face_ids == faces[:2], "nobody waits until Kim's time is over"
    decide(store, "Lee", lee.face_ids, 1, task=task)
    history_service.restore(store, history_service.reverts(store)[0].action, by="Judge")
    [standing] = assignments.listed(store)
    assert {part.reviewer: part.decided for part in standing.parts} == {"Kim": 6, "Lee": 2} and standing.left == 0
    assert grid.open_page(store, kim, Cursor(), 6).face_ids == []
