"""A training under a team's rules: judged by its snapshot's record, with exceptions that are kept."""

from dataclasses import replace

import pytest

from fercore.curation.audit_rules import Rule
from fercore.curation.checks import Check
from fercore.errors import InputError, RuleError
from fercore.jobs import queue
from fercore.services.audit import audit_request, dataset_audit
from fercore.services.training import freeze_job, run_details, runs, snapshots
from fercore.services.training.freeze_job import FreezeJob
from fercore.services.training.runs import TrainRequest
from fercore.services.training.snapshots import FreezeTerms
from fercore.training.recipes.recipe import MODERN
from tests.curation.duplicates.pictures import pictures
from tests.services.audit.planted import put

NONE = (Rule(Check.DUPLICATES, None, 0), Rule(Check.LEAKS, None, 0))


@pytest.fixture
def leaky(store, monkeypatch):
    """A dataset with a training face that the test split has, too, audited."""
    monkeypatch.setattr(queue, "advance", lambda *_: None)
    faces = pictures(6)
    put(store, "D", faces[:4])
    put(store, "D", [faces[0], faces[5]], "test")
    dataset_audit.audit(store, audit_request.request(["D"], (Check.DUPLICATES, Check.LEAKS)))
    return store


def start(store, snapshot, **more):
    number = runs.start(store, TrainRequest(snapshot, "VGG16", MODERN, "none", **more))
    return (run_details.view(store, number).run.record or {}).get("exception")


def test_rules_are_held_against_the_record(leaky):
    snapshots.freeze(leaky, "s", ["D"])
    with pytest.raises(RuleError, match=r"duplicates: 1 found, 0 allowed\. leaks: 1 found, 0 allowed\."):
        start(leaky, "s", rules=NONE)
    assert run_details.listed(leaky) == []
    assert start(leaky, "s", rules=(Rule(Check.LEAKS, None, 1),)) is None
    assert start(leaky, "s") is None, "without rules none is exceeded"
    kept = start(leaky, "s", rules=NONE, exception="A comparison with the paper.")
    assert kept["reason"] == "A comparison with the paper." and len(kept["exceeded"]) == 2


def test_the_reason_of_a_snapshot_holds_for_its_runs(leaky):
    snapshots.freeze(leaky, "s", ["D"], terms=FreezeTerms(rules=NONE, exception="The paper's data."))
    assert start(leaky, "s", rules=NONE)["reason"] == "The paper's data."


def test_a_snapshot_without_the_audit_is_refused(leaky):
    put(leaky, "E", pictures(9)[7:])
    snapshots.freeze(leaky, "e", ["E"])
    with pytest.raises(InputError, match=r"frozen without the audit that the rules ask for \(duplicates, leaks\)"):
        start(leaky, "e", rules=NONE)
    freeze_job.freeze(leaky, FreezeJob(name="clean", datasets=[{"dataset": "E"}]))
    assert start(leaky, "clean", rules=NONE[1:]) is None


def test_the_rules_of_the_settings_hold(leaky, tmp_path):
    snapshots.freeze(leaky, "s", ["D"])
    file = tmp_path / "rules.yaml"
    file.write_text("leaks: {max_count: 0}")
    strict = replace(leaky, settings=leaky.settings.model_copy(update={"rules": file}))
    with pytest.raises(RuleError):
        start(strict, "s")
