"""Rules about runs, without a training: numbers, notes, parts of a batch, places to evaluate on, views in order."""

from contextlib import nullcontext
from types import SimpleNamespace

import pytest

from fercore.errors import InputError, NotFoundError
from fercore.jobs import queue
from fercore.services.training import batch_parts, run_details, run_notes, snapshots
from fercore.services.training import runs as run_service
from fercore.services.training.runs import MAX_EPOCHS, MAX_SEED, TrainRequest
from fercore.store.tables import Epoch, Job, Snapshot
from fercore.store.training import runs
from fercore.training.recipes.recipe import MODERN
from tests.conftest import fill


@pytest.fixture(autouse=True)
def nothing_starts(monkeypatch):
    monkeypatch.setattr(queue, "advance", lambda store: None)


@pytest.fixture
def frozen(lite):
    fill(lite, "D", [n % 7 for n in range(14)])
    fill(lite, "D", [3, 5], "test", 50)
    return snapshots.freeze(lite, "S", ["D"]).name


@pytest.mark.parametrize(
    ("change", "why"),
    [
        pytest.param({"epochs": 0}, None, id="no epoch"),
        pytest.param({"epochs": MAX_EPOCHS}, None, id="as many epochs as may be"),
        pytest.param({"epochs": -1}, "Epochs at most is -1", id="fewer than none"),
        pytest.param({"epochs": MAX_EPOCHS + 1}, "Epochs at most is 10001", id="too many"),
        pytest.param({"seed": MAX_SEED}, None, id="the highest seed"),
        pytest.param({"seed": MAX_SEED + 1}, "Seed is", id="a higher one"),
        pytest.param({"seed": -1}, "Seed is -1: give a whole number from 0", id="a seed below zero"),
        pytest.param({"weights": "heavy"}, "heavy", id="odd weights"),
        pytest.param({"backbone": "VGG17"}, "VGG17", id="an unknown backbone"),
        pytest.param({"snapshot": "T"}, "Snapshot 'T' has no training faces", id="nothing to learn"),
    ],
)
def test_what_can_be_trained(monkeypatch, change, why):
    counts = {"S": {"Happy": 1, "Sad": 0}, "T": {"Happy": 0}}
    snapshot = {name: Snapshot(name=name, counts={"train": faces}) for name, faces in counts.items()}
    monkeypatch.setattr(run_service.snapshots, "named", lambda session, name: snapshot[name])
    monkeypatch.setattr(run_service.evaluation, "check", lambda store, places: None)
    store = SimpleNamespace(database=SimpleNamespace(reading=nullcontext), settings=SimpleNamespace(rules=None))
    request = TrainRequest(**{"snapshot": "S", "backbone": "VGG16", "recipe": MODERN, "weights": "none"} | change)
    if why is None:
        run_service.check(store, request)
        return
    with pytest.raises(InputError) as message:
        run_service.check(store, request)
    assert why in str(message.value)


@pytest.mark.parametrize(("epochs", "total"), [(None, MODERN.epochs), (0, 0), (5, 5)])
def test_the_epochs_of_a_request(epochs, total):
    assert TrainRequest("S", "VGG16", MODERN, epochs=epochs).total_epochs == total


@pytest.fixture
def run(lite, frozen):
    return run_service.start(lite, TrainRequest(frozen, "VGG16", MODERN, "none", evaluate=[("D", "test")]))


@pytest.mark.parametrize(
    ("note", "tags", "refused"),
    [
        pytest.param("x" * 5000, ["t" * 50], False, id="as much as may be"),
        pytest.param("", [f"t{n}" for n in range(20)], False, id="as many tags as may be"),
        pytest.param("", ["t"] * 21, False, id="the same tag counts once"),
        pytest.param("x" * 5001, [], True, id="a longer note"),
        pytest.param("", ["t" * 51], True, id="a longer tag"),
        pytest.param("", [f"t{n}" for n in range(21)], True, id="more tags"),
    ],
)
def test_the_length_of_notes_and_tags(lite, run, note, tags, refused):
    if refused:
        with pytest.raises(InputError, match="A note has at most"):
            run_notes.annotate(lite, run, note, tags)
    else:
        run_notes.annotate(lite, run, note, tags)
    view = run_details.view(lite, run).run
    assert (view.note, view.tags) == (("", []) if refused else (note, list(dict.fromkeys(tags))))


def test_a_run_that_is_none_has_no_notes(lite):
    with pytest.raises(NotFoundError):
        run_notes.annotate(lite, 9, "note", [])


@pytest.mark.parametrize(
    ("content", "parts"), [(None, 1), ("", 1), ("x", 1), ("0", 1), ("-4", 1), ("1", 1), ("2", 2), (" 8\n", 8)]
)
def test_into_how_many_parts_a_batch_is_cut(lite, content, parts):
    if content is not None:
        (lite.run_folder(1) / batch_parts.PARTS_FILE).write_text(content)
    assert batch_parts.parts(lite, 1) == parts


@pytest.mark.parametrize(
    ("status", "arguments", "parts", "halved"),
    [
        ("failed", {}, 1, False),
        ("failed", {}, 2, True),
        ("failed", {"accumulate": 2}, 2, False),
        ("failed", {"accumulate": 2}, 4, True),
        ("done", {}, 2, False),
        ("lost", {}, 2, False),
        ("failed", None, 2, True),
        ("failed", None, 1, False),
    ],
)
def test_whether_smaller_parts_will_be_tried(lite, status, arguments, parts, halved):
    batch_parts.remember(lite, 1, parts)
    job = None if arguments is None else Job(arguments={"run": 1} | arguments)
    result = SimpleNamespace(job=job, status=status, run=SimpleNamespace(id=1))
    assert batch_parts.will_halve(lite, result) == halved


def jobs(store):
    with store.database.reading() as session:
        return [(job.kind, job.arguments) for job in session.query(Job).order_by(Job.id)]


@pytest.mark.parametrize(
    ("status", "places", "missing", "then"),
    [
        pytest.param("queued", [("D", "test")], False, [["D", "test"]], id="asked for already"),
        pytest.param("queued", [("D", "train")], True, [["D", "test"], ["D", "train"]], id="asked for, too"),
        pytest.param(
            "queued", [("D", "test"), ("D", "train")], True, [["D", "test"], ["D", "train"]], id="what is missing"
        ),
        pytest.param("queued", [], False, [["D", "test"]], id="nothing"),
    ],
)
def test_a_waiting_run_is_evaluated_on_other_places_too(lite, run, status, places, missing, then):
    assert run_service.also_evaluate(lite, run, places) == missing
    [(kind, arguments)] = jobs(lite)
    assert kind == "train" and arguments["evaluate"] == then and arguments["run"] == run


def test_a_trained_run_is_evaluated_at_once_and_once(lite, run):
    with lite.database.writing() as session:
        runs.set_values(session, run, status="done", reported_epoch=1)
        session.get_one(Job, run_details.view(lite, run).job.id).status = "done"
    assert run_service.also_evaluate(lite, run, [("D", "train"), ("D", "test")])
    assert jobs(lite)[1:] == [("evaluate", {"run": run, "on": [["D", "train"], ["D", "test"]]})]
    assert not run_service.also_evaluate(lite, run, [("D", "train")]), "a job of another call does it"
    assert len(jobs(lite)) == 2


@pytest.mark.parametrize("status", ["failed", "cancelled"])
def test_a_run_that_has_ended_is_not_evaluated(lite, run, status):
    with lite.database.writing() as session:
        runs.set_values(session, run, status=status)
        session.get_one(Job, run_details.view(lite, run).job.id).status = status
    assert run_service.also_evaluate(lite, run, [("D", "train")])
    assert [arguments["evaluate"] for _, arguments in jobs(lite)] == [[["D", "test"]]]


@pytest.mark.parametrize("all_gpus", [False, True])
def test_a_resumed_run_is_asked_for_as_before(lite, frozen, all_gpus):
    request = TrainRequest(frozen, "VGG16", MODERN, "none", evaluate=[("D", "test")], all_gpus=all_gpus)
    run = run_service.start(lite, request)
    run_service.cancel(lite, run)
    with lite.database.writing() as session:
        runs.set_values(session, run, error="The disk is full.")
    batch_parts.remember(lite, run, 4)
    run_service.resume(lite, run)
    view = run_details.view(lite, run)
    assert view.job.arguments == {
        **{"run": run, "backbone": "VGG16", "evaluate": [["D", "test"]], "all_gpus": all_gpus},
        **{"resume": True, "accumulate": 4},
    }
    assert (view.status, view.run.error, view.run.ended_at) == ("queued", None, None)
    with lite.database.reading() as session:
        job = session.get_one(Job, view.job.id)
    assert (job.gpus, job.title) == (queue.ALL_GPUS if all_gpus else 1, f"Train VGG16 (run {run})")


def test_runs_in_the_order_asked_for(lite, frozen):
    made = [run_service.create(lite, TrainRequest(frozen, "VGG16", MODERN, "none")) for _ in range(3)]
    with lite.database.writing() as session:
        item = Epoch(run_id=made[1], number=1, loss=1, accuracy=0, learning_rate=0, seconds=1)
        runs.add_epoch(session, item)
    result = run_details.with_epochs(lite, [made[1], 99, made[2], made[0]])
    assert [(view.run.id, len(view.epochs)) for view in result] == [(made[1], 1), (made[2], 0), (made[0], 0)]
    listed = run_details.listed_with_epochs(lite)
    assert [(view.run.id, len(view.epochs)) for view in listed] == [(made[2], 0), (made[1], 1), (made[0], 0)]


@pytest.mark.parametrize(("files", "mb"), [({}, 0.0), ({"a": 1500, "b/c": 500}, 0.002)])
def test_what_a_run_takes_on_disk(lite, files, mb):
    for name, size in files.items():
        file = lite.run_folder(3) / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(bytes(size))
    assert run_details.kept_mb(lite, 3) == pytest.approx(mb)


def test_a_run_is_waited_for(lite, run, monkeypatch):
    job = Job(done=1, total=4, message="")
    message = Job(done=2, total=4, message="Epoch 1")
    views = [SimpleNamespace(status=status, job=job) for status, job in (("queued", None), ("running", job))]
    views += [SimpleNamespace(status="running", job=message), SimpleNamespace(status="failed", job=message)]
    given, answers = iter(views), []
    monkeypatch.setattr(run_details, "view", lambda store, number: next(given))
    monkeypatch.setattr(run_details.time, "sleep", lambda seconds: None)
    assert run_details.wait(lite, run, lambda *now: answers.append(now)) is views[-1]
    assert answers == [(1, 4, "running"), (2, 4, "Epoch 1")]
