"""The record of a snapshot: leaks, what was dropped for them, the audit before it, exceptions from rules."""

import pytest

from fercore.curation.audit_rules import Rule
from fercore.curation.checks import Check
from fercore.errors import InputError, NotFoundError, RuleError
from fercore.services.audit import audit_request, dataset_audit
from fercore.services.datasets import catalogue
from fercore.services.training import freeze_job, snapshot_record, snapshots
from fercore.services.training.freeze_job import FreezeJob
from fercore.services.training.snapshots import FreezeTerms
from tests.curation.duplicates.pictures import gray, pictures
from tests.services.audit.planted import put
from tests.services.review.votes import say


@pytest.fixture
def leaky(store):
    """A: four training faces, two of which the test split has (one altered), a person on both sides; B: a test split
    with a third.
    """
    faces = pictures(12)
    train = put(store, "A", faces[:6], subjects=["p", *[None] * 5])
    put(store, "A", [faces[1], gray(faces[2] + 15.0), faces[7], faces[8]], "test", subjects=["q", None, "p", None])
    put(store, "B", [faces[3][:, ::-1], faces[9]], "test")
    return train


def pairs(frozen):
    return {
        (pair["from"], pair["to"]): (pair["exact"], pair["near"], pair["people"])
        for pair in frozen.record["leaks"]["pairs"]
    }


def test_a_plain_freeze_knows_equal_pictures_and_people(store, leaky):
    frozen = snapshots.freeze(store, "s", ["A"])
    assert pairs(frozen)["train", "test"] == (1, None, 1)
    assert frozen.record["leaks"]["altered_copies"] == "no" and frozen.record["leaks"]["leaked"] == 2
    assert "dropped" not in frozen.record and "audit" not in frozen.record


def test_after_an_audit_it_knows_altered_copies_too(store, leaky):
    number = dataset_audit.audit(store, audit_request.request(["A", "B"], (Check.DUPLICATES, Check.LEAKS)))
    frozen = snapshots.freeze(store, "s", ["A"])
    assert pairs(frozen)["train", "test"] == (1, 1, 1)
    assert frozen.record["leaks"] | {"pairs": []} == {
        "pairs": [], "leaked": 3, "held_out": 4, "altered_copies": f"audit {number}"
    }  # fmt: skip
    assert "checks" not in frozen.record, "the audit was of more than this dataset"
    say(store, "Kim", leaky[5:], reason="other")
    later = snapshots.freeze(store, "later", ["A"])
    assert pairs(later)["train", "test"] == (1, None, 1), "the audit is of other faces"


@pytest.mark.parametrize(("tested_on", "left"), [((), 3), (("B",), 2)])
def test_without_leaks(store, leaky, tested_on, left):
    asked = FreezeJob(name="s", datasets=[{"dataset": "A"}], tested_on=[{"dataset": name} for name in tested_on])
    frozen = freeze_job.freeze(store, asked)
    assert frozen.counts["train"]["Happy"] == left and frozen.counts["test"]["Happy"] == 4
    assert pairs(frozen)["train", "test"] == (0, 0, 0) and frozen.record["leaks"]["leaked"] == 0
    assert frozen.record["dropped"] == {"splits": {"train": 6 - left}, "tested_on": list(tested_on)}
    assert frozen.record["leaks"]["altered_copies"] == "yes"
    assert snapshots.listed(store)[0].hash != snapshots.freeze(store, "t", ["A"]).hash


def test_its_own_held_out_faces_stay_where_another_test_split_has_them(store):
    faces = pictures(6)
    put(store, "A", faces[:3])
    put(store, "A", faces[3:5], "test")
    put(store, "B", [faces[0], faces[3]], "test")
    asked = FreezeJob(name="s", datasets=[{"dataset": "A"}], tested_on=[{"dataset": "B"}])
    frozen = freeze_job.freeze(store, asked)
    assert frozen.record["dropped"] == {"splits": {"train": 1}, "tested_on": ["B"]}
    catalogue.rename(store, "B", "C")
    assert snapshots.listed(store)[0].record["dropped"]["tested_on"] == ["C"]


def test_validation_faces_that_the_test_split_has_are_dropped_too(store):
    faces = pictures(4)
    put(store, "A", faces[:1])
    put(store, "A", faces[1:3], "validation")
    put(store, "A", faces[2:], "test")
    frozen = freeze_job.freeze(store, FreezeJob(name="s", datasets=[{"dataset": "A"}]))
    assert frozen.record["dropped"]["splits"] == {"validation": 1} and frozen.faces == 4


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"name": " ", "datasets": ["A"]}, InputError),
        ({"name": "taken", "datasets": ["A"]}, InputError),
        ({"name": "s", "datasets": ["none"]}, NotFoundError),
        ({"name": "s", "datasets": ["A"], "tested_on": ["none"]}, NotFoundError),
    ],
)
def test_what_cannot_be_frozen_is_refused_before_the_search(store, leaky, monkeypatch, asked, error):
    snapshots.freeze(store, "taken", ["A"])
    monkeypatch.setattr(snapshot_record, "searched_copies", lambda *_: pytest.fail("searched"))
    named = {key: [{"dataset": name} for name in names] for key, names in asked.items() if key != "name"}
    with pytest.raises(error):
        freeze_job.freeze(store, FreezeJob(name=asked["name"], **named))


def audit(store, *checks):
    return dataset_audit.audit(store, audit_request.request(["A"], checks))


def test_rules_are_judged_by_the_audit_of_now_and_by_the_snapshots_own_leaks(store, leaky):
    rules = (Rule(Check.DUPLICATES, None, 0), Rule(Check.LEAKS, None, 0))
    with pytest.raises(InputError, match="ask for an audit of these datasets as they are now: duplicates"):
        snapshots.freeze(store, "s", ["A"], terms=FreezeTerms(rules=rules))
    number = audit(store, Check.DUPLICATES, Check.LEAKS)
    with pytest.raises(RuleError, match=r"duplicates: 2 found, 0 allowed\. leaks: 3 found, 0 allowed\."):
        snapshots.freeze(store, "s", ["A"], terms=FreezeTerms(rules=rules))
    assert snapshots.listed(store) == []
    frozen = snapshots.freeze(store, "s", ["A"], terms=FreezeTerms(rules=rules, exception="A first look."))
    assert frozen.record["exception"] == {
        "reason": "A first look.",
        "exceeded": ["duplicates: 2 found, 0 allowed.", "leaks: 3 found, 0 allowed."],
    }
    assert frozen.record["audit"] == number and frozen.record["checks"]["leaks"] == {"count": 3, "population": 4}
    known = snapshot_record.searched_copies(store, ["A"], (), lambda *_: None)
    clean = snapshots.freeze(store, "t", ["A"], terms=FreezeTerms(known, rules[1:]))
    assert "exception" not in clean.record


def test_a_rule_on_leaks_needs_a_search(store, leaky):
    with pytest.raises(InputError, match="The rule on leaks asks for an audit"):
        snapshots.freeze(store, "s", ["A"], terms=FreezeTerms(rules=(Rule(Check.LEAKS, None, 9),)))
