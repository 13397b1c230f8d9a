"""The whole loop on generated faces: two styles are drawn, frozen, trained on and tested across."""

from typing import Any, Final

from fercore.drawing.faces import dataset as drawn
from fercore.drawing.styles import STYLES
from fercore.emotions import EMOTIONS
from fercore.errors import TrainingError
from fercore.faces.pixels import pixel_hash
from fercore.jobs import queue
from fercore.jobs.kinds import JobKind, JobRequest
from fercore.lanes import DEMO, Lane
from fercore.language import tr
from fercore.populations import Population
from fercore.progress import Progress
from fercore.services.comparison import evaluation
from fercore.services.prediction import demo_model
from fercore.services.training import run_details, runs, worker
from fercore.services.training import snapshots as snapshot_service
from fercore.services.training.runs import TrainRequest
from fercore.splits import Split
from fercore.statuses import Status
from fercore.store import Store
from fercore.store.datasets import datasets
from fercore.store.datasets import faces as face_table
from fercore.store.datasets.faces import NewFace
from fercore.store.jobs import queue as job_queue
from fercore.store.tables import Job
from fercore.store.training import snapshots
from fercore.training.models.pretrained import InitialWeights
from fercore.training.recipes.recipe import MODERN, Augmentation, Recipe

FACES: Final = {Split.TRAIN: 200, Split.VALIDATION: 30, Split.TEST: 60}  # of each emotion
SNAPSHOTS: Final = {
    "demo-west": ("demo-west",),
    "demo-east": ("demo-east",),
    "demo-both": ("demo-west", "demo-east"),
}
POPULATIONS_DRAWN: Final = {"west": Population.WESTERN, "east": Population.EAST_ASIAN}
EPOCHS: Final = {"demo-west": 4, "demo-east": 4, "demo-both": 3}  # of twice the faces
# Few and easy faces: no warp, no smoothing, no decay, a high rate, so that a network learns from scratch in a minute.
RECIPE: Final[Recipe] = MODERN.model_copy(
    update={
        "name": "demo",
        "epochs": 4,
        "optimizer": "adam",
        "weight_decay": 0.0,
        "input_px": None,
        "augmentation": Augmentation(flip=True),
        "label_smoothing": 0.0,
        "dropout": 0.1,
        "learning_rate_scratch": 3e-3,
        "small_below": 10_000,
        "small_batch_size": 48,
    }
)


def start(store: Store) -> int:
    """Queue the demo; returns its job's number."""
    return queue.submit(store, KIND, DemoJob())


def finish(store: Store, progress: Progress) -> list[dict[str, Any]]:
    """Queue the demo and wait for it; returns what it found, raises TrainingError when it did not come to its end."""
    return rows_of(queue.wait(store, start(store), progress))


def rows_of(job: Job) -> list[dict[str, Any]]:
    """The result of an ended demo; raises TrainingError when it did not come to its end."""
    if job.status != Status.DONE or not job.result:
        raise TrainingError(tr("The demo is {status}: {error}", status=tr(job.status), error=job.error or "–"))
    rows: list[dict[str, Any]] = job.result["rows"]
    return rows


def run(store: Store, job_id: int, progress: Progress) -> list[dict[str, Any]]:
    """Draw, freeze, train, evaluate; returns accuracy by what was trained on × tested on."""
    remove(store)
    for style in STYLES:
        _draw(store, style, progress)
    rows = []
    for name, parts in SNAPSHOTS.items():
        snapshot_service.freeze(store, name, parts)
        request = TrainRequest(name, "MobileNetV2", RECIPE, weights=InitialWeights.NONE, epochs=EPOCHS[name])
        run_id = runs.create(store, request, job_id)
        worker.train(store, run_id, progress)
        views = evaluation.evaluate_each(store, run_id, [(part, Split.TEST) for part in SNAPSHOTS["demo-both"]])
        rows.append({"run": run_id, "trained_on": name, "accuracy": {view.dataset: view.accuracy for view in views}})
    return rows


def remove(store: Store) -> None:
    """Delete what an earlier demo left: its runs, snapshots and datasets."""
    for view in run_details.listed(store):
        if view.snapshot.name in SNAPSHOTS:
            demo_model.take_out(store, view.run.id)
            runs.remove(store, view.run.id)
    with store.database.writing() as session:
        for snapshot in snapshots.listed(session):
            if snapshot.name in SNAPSHOTS:
                snapshots.remove(session, snapshot)
        for name in datasets.names(session):
            if name in SNAPSHOTS:
                datasets.remove(session, datasets.named(session, name))


def _draw(store: Store, style: str, progress: Progress) -> None:
    for number, (split, count) in enumerate(FACES.items()):
        progress(number, len(FACES), tr("Drawing faces"))
        pixels, labels = drawn(style, count, seed=number)  # type: ignore[arg-type]  # a style's name
        new = [
            NewFace(
                identity=f"{split}/{row}",
                split=split,
                emotion=int(label),
                word=EMOTIONS[label].lower(),
                pixel_hash=pixel_hash(gray),
                gray=gray,
            )
            for row, (gray, label) in enumerate(zip(pixels, labels, strict=True))
        ]
        with store.database.writing() as session:
            begun = datasets.begin_import(session, f"demo-{style}", "drawn", "generated faces")
            face_table.add(session, begun.dataset_id, begun.id, new)
    with store.database.writing() as session:
        datasets.finish_import(session, begun.id)
        datasets.named(session, f"demo-{style}").population = POPULATIONS_DRAWN[style]


class DemoJob(JobRequest):
    """A demo has nothing to be asked."""


def _run(store: Store, _: DemoJob, progress: Progress) -> dict[str, Any]:
    """Find the own job's number: no other demo runs beside it."""
    with store.database.reading() as session:
        job_id = next(job.id for job in job_queue.active(session, (DEMO,)) if job.status == Status.RUNNING)
    return {"rows": run(store, job_id, progress)}


KIND: Final = JobKind(DEMO, Lane.DEVICE, DemoJob, _run, title=lambda _: tr("Demo on generated faces"), repeatable=True)
