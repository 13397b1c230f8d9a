"""Faces that runs have learned and are evaluated on, as a sweep tells of them."""

import pytest
from click.testing import CliRunner

from fercore.cli import cli
from fercore.curation.checks import Check
from fercore.jobs import queue
from fercore.services.audit import audit_request, dataset_audit
from fercore.services.comparison import stored_evaluations, training_overlap
from fercore.services.training import snapshots, sweeps
from fercore.services.training.sweep_cells import Grid
from fercore.store.training import runs
from tests.conftest import fill
from tests.curation.duplicates.pictures import gray, pictures
from tests.services.audit.planted import put
from tests.services.comparison.conftest import HAPPY, SAD, evaluate, run

COPIES = "2 of these faces are also in the training split, pixel by pixel."


@pytest.fixture
def swept(store):
    """Two snapshots, a training on each; the test faces of E are two of D's training faces, the test faces of D new."""
    fill(store, "D", [HAPPY, SAD, SAD])
    fill(store, "D", [HAPPY, SAD], "test", 50)
    fill(store, "E", [HAPPY, SAD], "test", 0)
    fill(store, "E", [HAPPY, SAD], "train", 70)
    for name in ("D", "E"):
        snapshots.freeze(store, name, [name])
    numbers = [run(store, "D"), run(store, "E")]
    for number in numbers:
        for dataset in ("D", "E"):
            evaluate(store, number, dataset, "test", [HAPPY, SAD])
    return store, numbers


def test_each_snapshot_and_place_with_faces_in_common_is_named_once(swept):
    store, numbers = swept
    again = run(store, "D", seed=1)
    evaluate(store, again, "E", "test", [SAD, SAD])
    inflated = f"D → E · test: {COPIES} The accuracy may be inflated."
    assert training_overlap.of_runs(store, {*numbers, again}) == [inflated]
    assert training_overlap.of_runs(store, {numbers[1]}) == []
    evaluate(store, numbers[1], "E", "train", [HAPPY, SAD])
    [_, learned] = training_overlap.of_runs(store, {*numbers})
    assert learned == "E → E · train: These are faces that the run learned: this says nothing of new ones."


def test_the_command_that_shows_a_sweep_warns(lite, monkeypatch):
    fill(lite, "D", [HAPPY, SAD] * 3)
    fill(lite, "E", [HAPPY, SAD], "test", 0)
    snapshots.freeze(lite, "D", ["D"])
    monkeypatch.setattr(queue, "advance", lambda *_: None)
    sweep = sweeps.start(lite, "first", Grid(["D"], ["VGG16"], ["modern"], weights="none", evaluate=[("E", "test")]))
    [cell] = sweeps.view(lite, sweep).cells
    with lite.database.writing() as session:
        runs.set_values(session, cell.run.run.id, status="done", reported_epoch=1)
    evaluate(lite, cell.run.run.id, "E", "test", [HAPPY, SAD])
    done = CliRunner().invoke(cli, ["sweep-show", str(sweep)])
    assert done.exit_code == 0 and f"D → E · test: {COPIES}" in done.stderr


def test_altered_copies_count_once_an_audit_has_found_them(store):
    faces = pictures(8)
    put(store, "D", faces[:4], labels=[HAPPY, SAD, SAD, HAPPY])
    put(store, "E", [faces[0], gray(faces[1] + 15.0), faces[2][:, ::-1], faces[6], faces[7]], "test", [HAPPY] * 5)
    snapshots.freeze(store, "D", ["D"])
    number = run(store, "D")
    evaluate(store, number, "E", "test", [SAD, SAD, SAD, HAPPY, SAD])
    (view,) = stored_evaluations.listed(store)
    before = training_overlap.learned(store, view)
    assert (before.faces, before.copies, before.others) == (1, None, 4) and before.accuracy_of_others == 0.25
    dataset_audit.audit(store, audit_request.request(["E"], (Check.DUPLICATES,)))
    assert training_overlap.learned(store, view).copies is None, "it did not look at what the run learned"
    dataset_audit.audit(store, audit_request.request(["D", "E"], (Check.DUPLICATES,)))
    known = training_overlap.learned(store, view)
    assert (known.faces, known.copies, known.others) == (1, 2, 2) and known.accuracy_of_others == 0.5
    (text,) = training_overlap.overlap(store, view)
    assert "2 of these faces are altered copies of training faces." in text
    assert text.endswith("Without them: 50.0% of 2 faces.")
