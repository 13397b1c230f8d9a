"""Faces on which votes disagree are settled by an adjudicator."""

from uuid import uuid4

import pytest

from fercore.curation.review_filter import Cursor, ReviewFilter
from fercore.errors import InputError, NotFoundError
from fercore.services.datasets import catalogue
from fercore.services.review import adjudication, assignments, decision_transfer, face_detail, grid
from fercore.services.review import history as history_service
from fercore.services.review.assignments import TaskPlan
from fercore.services.review.history import HistoryQuery
from fercore.services.training import snapshots
from fercore.store.tables import Face
from tests.conftest import fill
from tests.services.review.votes import dataset_of, rule, say

HAPPY, SAD, FEAR = 3, 5, 2


def labels(store, faces):
    with store.database.reading() as session:
        return [(face.emotion, face.state) for face in (session.get_one(Face, face) for face in faces)]


@pytest.fixture
def split(store):
    """Kim and Lee agree on the first of three faces; Lee is not sure of the third."""
    faces = fill(store, "D", [HAPPY] * 3)
    adjudication.set_rule(store, "D", "majority")
    say(store, "Kim", faces, SAD)
    say(store, "Lee", faces[:1], SAD)
    say(store, "Lee", faces[1:2], FEAR)
    say(store, "Lee", faces[2:], reason="not sure")
    return faces


def judge(store, faces):
    return ReviewFilter(dataset_of(store, faces[0]), "judge", "disputed", adjudicates=True)


def test_only_what_is_open_is_shown_and_settled(store, split):
    assert labels(store, split) == [(SAD, "confirmed"), (None, "disputed"), (None, "disputed")]
    assert adjudication.disputed(store) == {"D": 2}
    page = grid.open_page(store, judge(store, split), Cursor(), 60)
    assert page.face_ids == split[1:] and grid.counts(store, judge(store, split)) == (2, 2)
    action = rule(store, split[1:], FEAR, note="the mouth")
    assert labels(store, split)[1:] == [(FEAR, "relabelled")] * 2 and adjudication.disputed(store) == {}
    say(store, "Park", split[1:], HAPPY)
    assert labels(store, split)[1:] == [(FEAR, "relabelled")] * 2, "a later vote does not move it"
    undo = [{"id": str(uuid4()), "type": "undo", "undoes": action}]
    grid.commit(store, judge(store, split), undo)
    assert labels(store, split)[1:] == [(None, "disputed")] * 2


def test_names_are_shown_afterwards_only(store, split):
    view = judge(store, split)
    before = face_detail.detail(store, view, split[1])
    assert ("Vote 1", "Sad") in before["facts"] and ("Vote 2", "Fear") in before["facts"]
    assert before["history"] == []
    assert ("Vote 2", "unsure") in face_detail.detail(store, view, split[2])["facts"]
    rule(store, split[1:2], FEAR, note="the mouth")
    history = face_detail.detail(store, view, split[1])["history"]
    assert "Kim" in history[0] and history[-1].endswith("judge: ruled: relabelled Fear – the mouth")


def test_a_disputed_face_is_not_frozen(store, split):
    assert snapshots.freeze(store, "s", ["D"]).faces == 1
    rule(store, split[1:], FEAR)
    assert snapshots.freeze(store, "t", ["D"]).faces == 3


@pytest.mark.parametrize(
    ("by", "expected", "changes"),
    [
        pytest.param("latest", [(SAD, "confirmed"), (FEAR, "relabelled"), (None, "disputed")], 1, id="latest"),
        pytest.param("unanimous", [(SAD, "confirmed"), (None, "disputed"), (None, "disputed")], 0, id="unanimous"),
    ],
)
def test_another_rule_counts_again_and_back(store, split, monkeypatch, by, expected, changes):
    monkeypatch.setattr(adjudication, "CHUNK", 2)
    before = labels(store, split)
    assert adjudication.rule_changes(store, "D", by) == changes and labels(store, split) == before
    assert adjudication.set_rule(store, "D", by) == 2, "votes differ by any rule"
    assert labels(store, split) == expected and adjudication.rules(store) == {"D": by}
    adjudication.set_rule(store, "D", "majority")
    assert labels(store, split) == before


@pytest.mark.parametrize("by", ["latest", "majority", "unanimous"])
@pytest.mark.parametrize(
    ("votes", "disputed"),
    [
        pytest.param([SAD], False, id="one vote"),
        pytest.param([SAD, SAD, SAD], False, id="all say the same"),
        pytest.param(["blurred", "other"], False, id="rejected for two reasons"),
        pytest.param([SAD, SAD, FEAR], True, id="two of three"),
        pytest.param(["blurred", SAD], True, id="rejected or sad"),
        pytest.param([SAD, "not sure"], True, id="not sure"),
        pytest.param(["not sure"], True, id="one who is not sure"),
    ],
)
def test_disputed_means_that_votes_differ_whatever_the_rule(store, votes, disputed, by):
    faces = fill(store, "D", [HAPPY] * 2)
    adjudication.set_rule(store, "D", by)
    for number, vote in enumerate(votes):
        emotion, reason = (None, vote) if isinstance(vote, str) else (vote, None)
        say(store, f"r{number}", faces[:1], emotion, reason)
    assert adjudication.disputed(store) == ({"D": 1} if disputed else {})
    for view in (judge(store, faces), ReviewFilter(dataset_of(store, faces[0]), "r0", "disputed")):
        assert grid.open_page(store, view, Cursor(), 60).face_ids == (faces[:1] if disputed else [])
    rule(store, faces[:1], reason="not sure")
    assert adjudication.disputed(store) == ({"D": 1} if disputed else {}), "not sure settles nothing"
    rule(store, faces[:1], HAPPY)
    assert adjudication.disputed(store) == {}


def test_all_counts_what_was_ruled_on_and_lays_it_last(store):
    faces = fill(store, "D", [HAPPY] * 10)
    everything = ReviewFilter(dataset_of(store, faces[0]), "judge", "all", adjudicates=True)
    assert grid.counts(store, everything) == (10, 10)
    say(store, "judge", faces[8:], SAD)  # their own vote is no ruling
    rule(store, faces[:3], FEAR, who="another")
    action = rule(store, faces[3:4], FEAR)
    assert grid.counts(store, everything) == (10, 6)
    assert grid.open_page(store, everything, Cursor(), 60).face_ids == faces[4:] + faces[:4]
    grid.commit(store, everything, [{"id": str(uuid4()), "type": "undo", "undoes": action}])
    assert grid.counts(store, everything) == (10, 7)


@pytest.mark.parametrize("only", [False, True], ids=["all", "only reviewed"])
def test_a_freeze_says_what_it_left_out(store, split, only):
    new = fill(store, "D", [None, HAPPY, SAD], start=20)
    rule(store, new[2:], reason="blurred")
    gone = snapshots.left_out(store, ["D"], only)
    expected = {"disputed": split[1:2], "not sure": split[2:], "unlabelled": new[:1], "rejected": new[2:]}
    assert gone == expected | ({"not reviewed": new[1:2]} if only else {})
    stored = snapshots.freeze(store, "s", ["D"], only).faces
    assert stored + sum(map(len, gone.values())) == 6
    assert snapshots.left_out(store, []) == {}


@pytest.mark.parametrize("by", ["latest", "majority", "unanimous"])
@pytest.mark.parametrize(
    ("votes", "ruling", "reason"),
    [
        pytest.param(["not sure"], None, "not sure", id="one who is not sure"),
        pytest.param([HAPPY, HAPPY, HAPPY, "not sure"], None, "not sure", id="three agree, one is not sure"),
        pytest.param([HAPPY, SAD, "not sure"], None, "not sure", id="two differ, one is not sure"),
        pytest.param([HAPPY, "not sure"], "not sure", "not sure", id="the adjudicator is not sure either"),
        pytest.param([HAPPY, "not sure"], "blurred", "rejected", id="settled as rejected"),
        pytest.param([HAPPY, "not sure"], SAD, None, id="settled"),
    ],
)
def test_a_face_that_somebody_is_not_sure_of_is_left_out_for_that(store, votes, ruling, reason, by):
    faces = fill(store, "D", [HAPPY])
    adjudication.set_rule(store, "D", by)
    for number, vote in enumerate(votes):
        emotion, why = (None, vote) if isinstance(vote, str) else (vote, None)
        say(store, f"r{number}", faces, emotion, why)
    if ruling is not None:
        emotion, why = (None, ruling) if isinstance(ruling, str) else (ruling, None)
        rule(store, faces, emotion, reason=why)
    assert snapshots.left_out(store, ["D"]) == ({reason: faces} if reason else {})


def test_validation_faces_of_another_dataset_that_are_left_out_are_told(store):
    fill(store, "D", [HAPPY])
    fill(store, "E", [None], start=10)
    watched = fill(store, "E", [HAPPY, None, SAD], "validation", start=20)
    rule(store, watched[2:], reason="blurred")
    gone = snapshots.left_out(store, ["D"], validation_from=["E", "D"])
    assert gone == {"unlabelled": watched[1:2], "rejected": watched[2:]}
    assert snapshots.freeze(store, "s", ["D"], validation_from=["E"]).faces == 2


def test_not_sure_is_counted_on_its_own(store, split):
    fill(store, "E", [HAPPY], start=9)
    say(store, "Park", split[2:], reason="not sure")
    say(store, "Park", split[:1], reason="not sure")
    assert [(summary.unsure, summary.rejected, summary.reviewed) for summary in catalogue.summaries(store)] == [
        (2, 0, 3),
        (0, 0, 0),
    ]
    assert catalogue.as_json(catalogue.summaries(store)[0])["unsure"] == 2
    say(store, "Park", split[:1], SAD)
    assert catalogue.summaries(store)[0].unsure == 1, "sure now"
    rule(store, split[2:], FEAR)
    assert catalogue.summaries(store)[0].unsure == 0, "settled"


@pytest.mark.parametrize("name", ["d.csv", "d.jsonl"])
def test_rulings_travel_with_their_reasons(store, split, tmp_path, name):
    rule(store, split[1:], FEAR, note='"the mouth", 입')
    before = labels(store, split)
    decision_transfer.export(store, tmp_path / name)
    catalogue.remove(store, "D")
    faces = fill(store, "D", [HAPPY] * 3)
    adjudication.set_rule(store, "D", "majority")
    decision_transfer.import_file(store, tmp_path / name)
    assert labels(store, faces) == before
    assert face_detail.detail(store, judge(store, faces), faces[1])["history"][-1].endswith('– "the mouth", 입')


def test_a_file_from_before_rulings_still_comes_in(store, split, tmp_path):
    file = tmp_path / "d.csv"
    decision_transfer.export(store, file)
    lines = [line.rsplit(",", 2)[0] for line in file.read_text().splitlines()]
    file.write_text("\n".join(lines) + "\n")
    catalogue.remove(store, "D")
    fill(store, "D", [HAPPY] * 3)
    assert decision_transfer.import_file(store, file) == {"added": 6, "known": 0, "left_out": 0, "skipped": []}


def test_rulings_are_taken_back_with_all_else(store, split):
    rule(store, split[1:], FEAR, who="Kim")
    assert history_service.revert(store, HistoryQuery("D", "Kim")) == 5
    assert labels(store, split) == [(SAD, "confirmed"), (FEAR, "relabelled"), (None, "disputed")]


@pytest.mark.parametrize(
    ("dataset", "by", "error"), [("D", "loudest", InputError), ("X", "latest", NotFoundError)], ids=["rule", "dataset"]
)
def test_what_is_no_rule(store, split, dataset, by, error):
    with pytest.raises(error):
        adjudication.set_rule(store, dataset, by)


def test_examples_are_what_was_settled_last_and_never_what_tests_people(store):
    faces = fill(store, "D", [HAPPY] * 30)
    for face in faces[:5]:
        rule(store, [face], SAD if face == faces[0] else HAPPY)
    rule(store, [faces[5]], reason="blurred")
    dataset_id = dataset_of(store, faces[0])
    assert adjudication.examples(store, dataset_id) == {HAPPY: [faces[4], faces[3], faces[2]], SAD: [faces[0]]}
    assignments.create(store, TaskPlan("t", "D", gold=0.3))
    assert adjudication.examples(store, dataset_id) == {}
