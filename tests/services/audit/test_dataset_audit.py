"""The whole audit: kept with findings and control samples, gone on with, and judged by people's decisions."""

import numpy as np
import pytest
from sqlalchemy import func, select

from fercore.curation.checks import Check, Verdict
from fercore.drawing.faces import dataset as drawn
from fercore.errors import Cancelled, InputError, NotFoundError
from fercore.services import jobs
from fercore.services.audit import (
    audit_request,
    copies,
    dataset_audit,
    finding_tasks,
    pair_review,
    ranked_findings,
    score_card,
)
from fercore.services.audit.audit_request import Doubt
from fercore.services.audit.finding_tasks import FindingPlan
from fercore.services.audit.methods import Method
from fercore.services.audit.ranked_findings import PairFilter
from fercore.services.comparison import selections
from fercore.services.datasets import catalogue
from fercore.store.tables import Audit, Finding, Job, SelectionFace, TaskFace
from tests.curation.duplicates.pictures import gray
from tests.services.audit.planted import put
from tests.services.review.votes import say

COPIES = (Check.DUPLICATES, Check.LEAKS)
UNSURE = "not sure"


def kept(store, *names, checks=tuple(Check), **asked):
    number = dataset_audit.audit(store, audit_request.request(names, checks, Doubt(**asked)))
    return score_card.card(store, number)


@pytest.fixture
def store(lite):
    """One database is enough here: tests/store/audit tries both."""
    return lite


@pytest.fixture
def faulty(store):
    """210 drawn faces, every seventh with the next emotion's label; 30 test faces have a brighter copy in training."""
    pixels, labels = drawn("west", 30, 0)
    order = np.random.default_rng(0).permutation(len(labels))
    given = [(int(labels[place]) + (at % 7 == 0)) % 7 for at, place in enumerate(order)]
    train = put(store, "D", pixels[order], labels=given)
    copies = [gray(face + 15.0) for face in pixels[order][:30]]
    test = put(store, "D", copies, "test", given[:30])
    return train, test


def counts(card):
    return {line.check: (line.count, line.population) for line in card.lines}


def test_what_is_kept(store, faulty):
    card = kept(store, "D", checks=(*COPIES, Check.LABELS))
    counted = counts(card)
    assert (card.faces, card.datasets) == (240, ("D",))
    assert counted[Check.DUPLICATES][0] >= 30 and counted[Check.LEAKS] == (30, 30)
    assert counted[Check.LABELS][1] == 240 and counted[Check.LABELS][0] > 0
    line = card.line(Check.LEAKS)
    assert line.detail["pairs"][0]["near"] == 30 and line.share == 1.0
    assert (line.right.decided, line.right.share, line.before) == (0, None, None)
    with store.database.reading() as session:
        found = select(Finding.kind, Finding.control, func.count()).group_by(Finding.kind, Finding.control)
        numbers = {(kind, control): count for kind, control, count in session.execute(found)}
    assert numbers["leaks", False] == 30 and numbers["leaks", True] == 100
    assert numbers["labels", True] == min(200, 240 - counted[Check.LABELS][0])


def test_a_trend_and_whether_an_audit_is_of_now(store, faulty):
    _, test = faulty
    first = kept(store, "D", checks=COPIES)
    assert score_card.is_current(store, first.audit) and score_card.latest(store, ["D"]) == first
    say(store, "Kim", test[:10], reason="other")
    assert not score_card.is_current(store, first.audit)
    second = kept(store, "D", checks=COPIES)
    line = second.line(Check.LEAKS)
    assert (line.count, line.before, second.rejected) == (20, (30, 30), 10)
    assert [each.audit for each in score_card.listed(store)] == [second.audit, first.audit]
    assert score_card.latest(store, ["D"]).audit == second.audit
    put(store, "E", np.zeros((1, 48, 48), np.uint8))
    assert score_card.latest(store, ["D", "E"]) is None


def test_an_audit_that_was_stopped_goes_on(store, faulty, monkeypatch):
    asked = audit_request.request(["D"], (*COPIES, Check.LABELS))

    def stop(done, total, message=""):
        if message == "Measuring faces":
            raise Cancelled

    with pytest.raises(Cancelled):
        dataset_audit.audit(store, asked, stop)
    assert score_card.listed(store) == []
    searched = []
    monkeypatch.setattr(copies, "searched", lambda *_: searched.append(1))
    card = score_card.card(store, dataset_audit.audit(store, asked))
    assert searched == [] and len(card.lines) == 3
    with store.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Audit)) == 1


def test_progress_moves_forward_through_all_checks(store, faulty):
    steps = []
    dataset_audit.audit(store, audit_request.request(["D"]), lambda *step: steps.append(step))
    shares = [done / total for done, total, _ in steps]
    assert shares == sorted(shares) and shares[-1] <= 1 and len({message for *_, message in steps}) > 3


def test_as_a_job(lite):
    put(lite, "D", drawn("west", 4, 0)[0], labels=drawn("west", 4, 0)[1].tolist())
    number = jobs.submit(lite, audit_request.request(["D"], COPIES))
    with lite.database.reading() as session:
        job = session.get_one(Job, number)
        assert (job.kind, job.title, job.lane) == ("audit", "Audit of D", "disk")


@pytest.mark.parametrize(
    ("names", "asked", "error"),
    [
        ([], {}, InputError),
        (["none"], {}, NotFoundError),
        (["D"], {"method": Method.RUN}, InputError),
        (["D"], {"run": 1}, InputError),
        (["D"], {"method": Method.CROSSVAL}, InputError),
        (["D"], {"backbone": "VGG16"}, InputError),
        (["D"], {"method": Method.CROSSVAL, "backbone": "Net"}, InputError),
    ],
)
def test_refusals(store, faulty, names, asked, error):
    with pytest.raises(error):
        kept(store, *names, **asked)


def test_a_dataset_without_labels_is_audited_for_the_rest(store):
    put(store, "D", drawn("west", 2, 0)[0], labels=[None] * 14)
    card = kept(store, "D", checks=(*COPIES, Check.LABELS))
    line = card.line(Check.LABELS)
    assert (line.count, line.population, line.share) == (0, 0, None)
    assert line.detail["not_looked_at"] == {"D": "No face here has a label."}


def test_findings_become_a_task_among_control_faces_and_are_judged_by_it(store, faulty):
    card = kept(store, "D", checks=(Check.LABELS,))
    found = finding_tasks.open_findings(store, card.audit, Check.LABELS)
    plan = FindingPlan(card.audit, Check.LABELS, "Look", 24)
    (made,) = finding_tasks.send(store, plan)
    assert (made.dataset, made.faces, made.control) == ("D", 24, 20)
    with store.database.reading() as session:
        rows = session.execute(select(TaskFace.face_id, TaskFace.kind).order_by(TaskFace.place)).all()
        marked = {
            face: control for face, control in session.execute(select(SelectionFace.face_id, SelectionFace.control))
        }
    assert [kind for _, kind in rows] != sorted(kind for _, kind in rows), "shuffled"
    chosen = [face.face for face in found[:24]]
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
    pair_review.undo(store, (pairs[7].face, pairs[7].other), "Kim")
    assert pair_review.queue(store, card.audit, Check.LEAKS, "Kim")[7].verdict is None


def test_equal_and_blank_pictures_are_asked_of_nobody(store):
    pixels, _ = drawn("west", 2, 0)
    put(store, "D", [*pixels[:3], *pixels[:3], np.zeros((48, 48), np.uint8), np.zeros((48, 48), np.uint8)])
    card = kept(store, "D", checks=COPIES)
    assert card.line(Check.DUPLICATES).count == 4
    assert pair_review.queue(store, card.audit, Check.DUPLICATES, "Kim") == []


def test_leaks_lead_to_their_pairs_after_a_dataset_was_renamed(store, faulty):
    card = kept(store, "D", checks=COPIES)
    catalogue.rename(store, "D", "E")
    (pair,) = score_card.card(store, card.audit).line(Check.LEAKS).detail["pairs"]
    between = PairFilter(tuple(pair["from"]), tuple(pair["to"]))
    assert between == PairFilter(("E", "train"), ("E", "test"))
    assert len(ranked_findings.pairs(store, card.audit, Check.LEAKS, between)) == 30
    assert score_card.card(store, card.audit).datasets == ("E",)
