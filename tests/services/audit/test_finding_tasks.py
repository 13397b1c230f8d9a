"""Findings before people: as tasks among control faces and as pairs, and the hit rate that follows."""

import numpy as np
import pytest
from sqlalchemy import select

from fercore.curation.checks import Check, Verdict
from fercore.drawing.faces import dataset as drawn
from fercore.errors import InputError, NotFoundError
from fercore.services.audit import (
    finding_tasks,
    pair_review,
    score_card,
)
from fercore.services.audit.finding_tasks import FindingPlan
from fercore.services.comparison import selections
from fercore.store.tables import Finding, SelectionFace, Task, TaskFace
from tests.services.audit.planted import kept, put
from tests.services.review.votes import say

COPIES = (Check.DUPLICATES, Check.LEAKS)
UNSURE = "not sure"


@pytest.fixture
def store(lite):
    """One database is enough here: tests/store/audit tries both."""
    return lite


def test_findings_become_a_task_among_control_faces_and_are_judged_by_it(store, faulty):
    card = kept(store, "D", checks=(Check.LABELS,))
    found = finding_tasks.open_findings(store, card.audit, Check.LABELS)
    plan = FindingPlan(card.audit, Check.LABELS, "Look", 22)
    (made,) = finding_tasks.send(store, plan)
    assert (made.dataset, made.faces, made.control) == ("D", 22, 20)
    with store.database.reading() as session:
        rows = session.execute(select(TaskFace.face_id, TaskFace.kind).order_by(TaskFace.place)).all()
        marked = {
            face: control for face, control in session.execute(select(SelectionFace.face_id, SelectionFace.control))
        }
    assert [kind for _, kind in rows] != sorted(kind for _, kind in rows), "shuffled"
    chosen = [face.face for face in found[:22]]
    assert sorted(face for face, kind in rows if kind == "plain") == sorted(chosen)
    assert {face for face, control in marked.items() if control} == {face for face, kind in rows if kind == "control"}
    look = selections.of_task(store, made.task)
    assert (look.reason, look.runs, look.filter) == ("audit", (), {"audit": card.audit, "check": "labels"})

    controls = [face for face, kind in rows if kind == "control"]
    labels = {face.face: face.label for face in found}
    for face in chosen[:18]:
        say(store, "Kim", [face], emotion=(labels[face] + 1) % 7)
    for face in chosen[18:21]:
        say(store, "Kim", [face], emotion=labels[face])
    say(store, "Kim", chosen[21:22], reason=UNSURE)
    with store.database.reading() as session:
        given = {row.face_id: row.label for row in session.scalars(select(Finding).where(Finding.control))}
    for face in controls:
        say(store, "Kim", [face], emotion=given[face])
    line = score_card.card(store, card.audit).line(Check.LABELS)
    assert (line.right.right, line.right.wrong, line.right.unsure) == (18, 3, 1)
    assert line.right.share == 18 / 21 and line.right.interval[0] < 18 / 21 < line.right.interval[1]
    assert (line.control.right, line.control.wrong, line.control.share) == (0, 20, 0.0)
    assert len(finding_tasks.open_findings(store, card.audit, Check.LABELS)) == len(found) - 22


def test_decisions_before_the_audit_say_nothing_of_it(store, faulty):
    train, _ = faulty
    say(store, "Kim", train, emotion=2)
    line = kept(store, "D", checks=(Check.LABELS,)).line(Check.LABELS)
    assert line.right.decided == line.control.decided == 0


def test_an_undone_decision_counts_no_more(store, faulty):
    from fercore.services.review import history
    from fercore.services.review.history import HistoryQuery

    card = kept(store, "D", checks=(Check.LABELS,))
    face = finding_tasks.open_findings(store, card.audit, Check.LABELS)[0]
    say(store, "Kim", [face.face], emotion=(face.label + 1) % 7)
    assert score_card.card(store, card.audit).line(Check.LABELS).right.right == 1
    history.revert(store, HistoryQuery("D", "Kim", None, None, None))
    assert score_card.card(store, card.audit).line(Check.LABELS).right.right == 0


def test_random_findings_and_nothing_left(store, faulty):
    card = kept(store, "D", checks=(Check.LABELS,))
    count = card.line(Check.LABELS).count
    (made,) = finding_tasks.send(store, FindingPlan(card.audit, Check.LABELS, "Look", 5, at_random=True, seed=1))
    assert made.faces == min(5, count)
    for face in finding_tasks.open_findings(store, card.audit, Check.LABELS):
        say(store, "Kim", [face.face], emotion=1)
    with pytest.raises(InputError, match="No finding of this check is left"):
        finding_tasks.send(store, FindingPlan(card.audit, Check.LABELS, "Look", 5))
    with pytest.raises(NotFoundError):
        finding_tasks.send(store, FindingPlan(99, Check.LABELS, "Look", 5))


def test_pairs_are_judged_by_their_verdicts(store, faulty):
    card = kept(store, "D", checks=COPIES)
    pairs = pair_review.queue(store, card.audit, Check.LEAKS, "Kim")
    assert len(pairs) == 130 and {pair.verdict for pair in pairs} == {None}
    train, test = faulty
    found = [pair for pair in pairs if pair.face in test and pair.other == train[test.index(pair.face)]]
    assert len(found) == 30 and pairs[:30] != found, "shuffled"
    for number, pair in enumerate(pairs):
        verdict = Verdict.SAME_PICTURE if pair in found else Verdict.DIFFERENT
        if number < 5:
            verdict = Verdict.UNSURE
        pair_review.decide(store, (pair.other, pair.face), verdict, "Kim")
    line = score_card.card(store, card.audit).line(Check.LEAKS)
    assert line.right.wrong == line.control.right == 0 and line.right.right + line.right.unsure == 30
    assert line.right.unsure + line.control.unsure == 5 and line.control.share == 0.0
    assert pair_review.queue(store, card.audit, Check.LEAKS, "Kim")[7].verdict is not None
    assert pair_review.queue(store, card.audit, Check.LEAKS, "Lee")[7].verdict is None
    last = pair_review.latest(store, card.audit, Check.LEAKS, "Kim")
    assert last == tuple(sorted((pairs[-1].face, pairs[-1].other)))
    assert pair_review.latest(store, card.audit, Check.LEAKS, "Lee") is None
    pair_review.undo(store, (pairs[7].face, pairs[7].other), "Kim")
    assert pair_review.queue(store, card.audit, Check.LEAKS, "Kim")[7].verdict is None


def test_equal_and_blank_pictures_are_asked_of_nobody(store):
    pixels, _ = drawn("west", 2, 0)
    put(store, "D", [*pixels[:3], *pixels[:3], np.zeros((48, 48), np.uint8), np.zeros((48, 48), np.uint8)])
    card = kept(store, "D", checks=COPIES)
    assert card.line(Check.DUPLICATES).count == 4
    assert pair_review.queue(store, card.audit, Check.DUPLICATES, "Kim") == []


def test_findings_of_two_datasets_are_two_tasks_named_after_them(store):
    pixels, labels = drawn("west", 30, 0)
    for name, wrong in (("<b>A</b>", 5), ("*B*", 6)):
        put(store, name, pixels, labels=[(int(label) + (at % wrong == 0)) % 7 for at, label in enumerate(labels)])
    card = kept(store, "<b>A</b>", "*B*", checks=(Check.LABELS,))
    made = finding_tasks.send(store, FindingPlan(card.audit, Check.LABELS, "n" * 99, 200))
    assert {task.dataset for task in made} == {"<b>A</b>", "*B*"}
    with store.database.reading() as session:
        names = {task.dataset: session.get_one(Task, task.task).name for task in made}
    assert names == {"<b>A</b>": "n" * 89 + " · <b>A</b>", "*B*": "n" * 94 + " · *B*"}
