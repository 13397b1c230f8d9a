"""A reviewer's record: figures on known faces, confusions, votes and pace, each with exactly its faces."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import insert, update

from fercore.cli import cli
from fercore.clock import now
from fercore.curation.review_filter import ReviewFilter
from fercore.curation.votes import Event
from fercore.errors import NotFoundError
from fercore.evaluation.significance import wilson
from fercore.services.review import agreement, assignments, grid, reviewer_record, reviewers
from fercore.services.review.assignments import TaskPlan
from fercore.services.review.known_answers import REJECTED, UNSURE
from fercore.services.review.reviewer_record import faces_of, record
from fercore.store.review import labels
from fercore.store.tables import Decision, Face, TaskFace, Vote
from tests.conftest import fill
from tests.store.review.test_decisions import decide, undo

HAPPY, SAD, FEAR = 3, 5, 2


def rule(store, ids, emotion=None, reason=None, who="judge"):
    with store.database.reading() as session:
        dataset = session.get_one(Face, ids[0]).dataset_id
    events = [
        {"id": str(uuid4()), "action": str(uuid4()), "type": "decide", "face": face}
        | ({"emotion": emotion} if reason is None else {"reason": reason})
        for face in ids
    ]
    grid.commit(store, ReviewFilter(dataset, who, adjudicates=True), events)


def kinds(store, task, kind):
    with store.database.reading() as session:
        rows = session.query(TaskFace.face_id).filter_by(task_id=task, kind=kind).order_by(TaskFace.face_id)
        return [face for (face,) in rows]


@pytest.fixture
def played(store):
    """40 faces that the source calls happy: the first ten settled as happy, sad or rejected; gold and control faces
    in a task; Kim decides all of them, one in five wrongly."""
    ids = fill(store, "D", [HAPPY] * 40)
    rule(store, ids[:6], HAPPY)
    rule(store, ids[6:9], SAD)
    rule(store, ids[9:10], reason="not a face")
    task = assignments.create(store, TaskPlan("t", "D", emotion=None, gold=0.2, control=0.1, state="undecided"))
    for face in ids:
        decide(store, "Kim", face, emotion=HAPPY if face % 5 else FEAR)
    decide(store, "Kim", ids[7], reason="not sure")
    return store, ids, task


def test_figures_stand_on_their_faces(played):
    store, ids, task = played
    result = record(store, "Kim", "D")
    settled = result.answers["settled"]
    expected = [face for face in ids[:6] if face % 5]
    assert settled.n == 10 and result.faces("settled.all") == ids[:10]
    assert result.faces("settled.right") == expected
    assert sorted(result.faces("settled.wrong") + expected) == ids[:10]
    assert settled.accuracy == len(expected) / 10
    assert (settled.interval.low, settled.interval.high) == wilson(len(expected), 10)
    gold = kinds(store, task, "gold")
    assert gold and result.faces("gold.all") == gold
    agreed = {item.reviewer: item for item in agreement.gold(store, "D")}["Kim"]
    assert (agreed.right, agreed.faces) == (int(result.answers["gold"].right.sum()), result.answers["gold"].n)
    assert agreed.interval == (result.answers["gold"].interval.low, result.answers["gold"].interval.high)


def test_every_cell_counts_its_faces(played):
    store, ids, _ = played
    result = record(store, "Kim")
    settled = result.answers["settled"]
    cells = {
        (row, column): count for row, line in enumerate(settled.confusion) for column, count in enumerate(line) if count
    } | settled.outside()
    assert sum(cells.values()) == settled.n
    for (known, answers), count in cells.items():
        assert len(result.faces(f"settled.{known}-{answers}")) == count
    assert result.faces(f"settled.{SAD}-{UNSURE}") == [ids[7]]
    assert (REJECTED, FEAR if ids[9] % 5 == 0 else HAPPY) in settled.outside()


def test_control_faces_are_known_by_what_others_say(store):
    ids = fill(store, "D", [HAPPY] * 12)
    for face in ids[:8]:
        decide(store, "Kim", face, emotion=HAPPY)
    task = assignments.create(store, TaskPlan("t", "D", state="undecided", control=0.4))
    control = kinds(store, task, "control")
    assert control
    assert record(store, "Kim").answers["control"].accuracy == 1.0, "the source says the same"
    decide(store, "Lee", control[0], emotion=SAD)
    assert record(store, "Kim").faces("control.wrong") == [control[0]]
    assert record(store, "Kim").faces(f"control.{SAD}-{HAPPY}") == [control[0]]
    rule(store, control[:1], HAPPY)
    assert record(store, "Kim").faces("control.wrong") == []
    assert record(store, "Lee").faces("control.wrong") == [control[0]]
    rule(store, control[1:2], reason="blurred")
    assert record(store, "Kim").faces(f"control.{REJECTED}-{HAPPY}") == [control[1]]


def test_a_control_face_that_nothing_labels_is_not_counted(store):
    ids = fill(store, "D", [None] * 10)
    for face in ids[:8]:
        decide(store, "Kim", face, emotion=HAPPY)
    task = assignments.create(store, TaskPlan("t", "D", state="undecided", control=0.5))
    assert kinds(store, task, "control") and record(store, "Kim").answers["control"].n == 0


def test_votes_are_counted_as_they_stand(store):
    ids = fill(store, "D", [HAPPY] * 5)
    decide(store, "Kim", ids[0], emotion=HAPPY)
    decide(store, "Kim", ids[1], emotion=SAD)
    decide(store, "Kim", ids[2], reason="blurred")
    decide(store, "Kim", ids[3], reason="not sure")
    undo(store, "Kim", decide(store, "Kim", ids[4], emotion=SAD))
    result = record(store, "Kim")
    assert result.votes == {"confirmed": [ids[0]], "relabelled": [ids[1]], "rejected": [ids[2]], "unsure": [ids[3]]}
    assert result.faces("votes.all") == ids[:4] and result.faces("votes.unsure") == [ids[3]]
    (day,) = result.days
    assert day.decisions == 5 and result.faces(f"day.{day.day}") == ids, "what was undone was decided, too"


def test_a_day_leads_to_its_own_faces(store):
    ids = fill(store, "D", [HAPPY] * 4)
    for face in ids:
        decide(store, "Kim", face, emotion=HAPPY)
    with store.database.writing() as session:
        before = now() - timedelta(days=3)
        for place, face in enumerate(ids[:3]):
            moment = before + timedelta(seconds=2 * place)
            session.execute(update(Decision).where(Decision.face_id == face).values(decided_at=moment))
    result = record(store, "Kim")
    first, second = result.days
    assert (first.decisions, first.seconds, second.decisions) == (3, 2.0, 1)
    assert result.faces(f"day.{first.day}") == ids[:3] and result.faces(f"day.{second.day}") == ids[3:]


def test_datasets_apart_and_together(store):
    first, two = fill(store, "D", [HAPPY] * 3), fill(store, "E", [SAD] * 2, start=50)
    for face in (*first, *two):
        decide(store, "Kim", face, emotion=HAPPY)
    assert record(store, "Kim").faces("votes.all") == [*first, *two]
    assert record(store, "Kim", "E").faces("votes.all") == two
    assert faces_of(store, "Kim", "E", "votes.relabelled") == two
    assert reviewer_record.datasets_of(store, "Kim") == ["D", "E"]
    assert reviewer_record.places(store, [*first, *two]) == {"D": 3, "E": 2}


@pytest.mark.parametrize(
    "part",
    [
        "",
        ".",
        "gold",
        "gold.",
        "gold.x",
        "gold.9-9",
        "gold.3",
        "gold.99999999999999999999-1",
        "gold.٣-1",
        "day.x",
        "votes.x",
        "<b>.right",
    ],
)
def test_an_address_of_nothing_names_no_face(played, part):
    assert faces_of(played[0], "Kim", "D", part) == []


@pytest.mark.parametrize(("name", "dataset"), [("Nobody", "D"), ("Kim", "none")])
def test_unknown_names_are_told_and_lead_to_no_face(played, name, dataset):
    with pytest.raises(NotFoundError):
        record(played[0], name, dataset)
    assert faces_of(played[0], name, dataset, "votes.all") == []


def test_a_person_without_decisions_a_renamed_and_a_retired_one(played):
    store, ids, _ = played
    reviewers.add(store, "Lee")
    empty = record(store, "Lee")
    assert empty.is_empty and empty.answers["gold"].accuracy is None and empty.answers["gold"].interval is None
    reviewers.rename(store, "Kim", "*Kim* <b>")
    assert record(store, "Kim").person == record(store, "*Kim* <b>").person == "*Kim* <b>"
    assert faces_of(store, "Kim", "D", "votes.all") == ids
    reviewers.retire(store, "*Kim* <b>")
    assert record(store, "*Kim* <b>").faces("votes.all") == ids


def test_faces_of_one_person_count_as_people(played):
    store = played[0]
    with store.database.writing() as session:
        session.execute(update(Face).values(subject="S1"))
    interval = record(store, "Kim").answers["settled"].interval
    assert (interval.low, interval.high, interval.people) == (0.0, 1.0, 1)


def test_fifty_thousand_decisions_are_read_in_a_few_statements(store, monkeypatch):
    ids = fill(store, "D", [n % 7 for n in range(300)])
    at = now()
    with store.database.writing() as session:
        rows = [
            {
                "id": str(uuid4()),
                "action": str(uuid4()),
                "face_id": ids[n % 300],
                "reviewer": "Kim",
                "kind": "confirmed",
                "emotion": n % 7,
                "decided_at": at + timedelta(seconds=n),
            }
            for n in range(50_000)
        ]
        session.execute(insert(Decision), rows)
        events = {face: {"Kim": Event(1, "", "confirmed", n % 7)} for n, face in enumerate(ids)}
        labels.store_votes(session, "Kim", {face: votes["Kim"] for face, votes in events.items()})
        assert session.query(Vote).count() == 300
    from sqlalchemy import event

    calls = []
    event.listen(store.database.engine, "before_cursor_execute", lambda *args: calls.append(args[2]))
    result = record(store, "Kim")
    assert sum(day.decisions for day in result.days) == 50_000
    assert len(calls) < 20, calls


def test_the_command_line_says_the_same(lite, capsys):
    ids = fill(lite, "D", [HAPPY] * 4)
    rule(lite, ids[:3], HAPPY)
    for face in ids:
        decide(lite, "Kim", face, emotion=HAPPY if face != ids[0] else SAD)
    cli.main(["reviewer", "Kim", "--json"], standalone_mode=False)
    printed = json.loads(capsys.readouterr().out)
    assert printed == json.loads(json.dumps(reviewer_record.as_json(record(lite, "Kim"))))
    assert (printed["settled"]["n"], printed["settled"]["right"], printed["gold"]["accuracy"]) == (3, 2, None)
    assert printed["settled"]["confusion"][HAPPY][SAD] == 1 and printed["votes"]["relabelled"] == 1
    cli.main(["reviewer", "Kim"], standalone_mode=False)
    assert "settled" in capsys.readouterr().out
    with pytest.raises(NotFoundError, match="no person 'x'"):
        cli.main(["reviewer", "x"], standalone_mode=False)
