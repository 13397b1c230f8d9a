"""The whole audit: kept with findings and control samples, gone on with, and judged by people's decisions."""

import numpy as np
import pytest
from sqlalchemy import func, select

from fercore.curation.checks import Check
from fercore.drawing.faces import dataset as drawn
from fercore.errors import Cancelled, InputError, NotFoundError
from fercore.services import jobs
from fercore.services.audit import (
    audit_request,
    copies,
    dataset_audit,
    ranked_findings,
    score_card,
)
from fercore.services.audit.methods import Method
from fercore.services.audit.ranked_findings import PairFilter
from fercore.services.datasets import catalogue
from fercore.store.tables import Audit, Finding, Job
from tests.services.audit.planted import kept, put
from tests.services.review.votes import say

COPIES = (Check.DUPLICATES, Check.LEAKS)
UNSURE = "not sure"


@pytest.fixture
def store(lite):
    """One database is enough here: tests/store/audit tries both."""
    return lite


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


def test_leaks_lead_to_their_pairs_after_a_dataset_was_renamed(store, faulty):
    card = kept(store, "D", checks=COPIES)
    catalogue.rename(store, "D", "E")
    (pair,) = score_card.card(store, card.audit).line(Check.LEAKS).detail["pairs"]
    between = PairFilter(tuple(pair["from"]), tuple(pair["to"]))
    assert between == PairFilter(("E", "train"), ("E", "test"))
    assert len(ranked_findings.pairs(store, card.audit, Check.LEAKS, between)) == 30
    assert score_card.card(store, card.audit).datasets == ("E",)
