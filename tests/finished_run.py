"""A run that has come to its end without having been trained: with a model's file and faces that it did not learn."""

from fercore.services.training import runs as run_service
from fercore.services.training import snapshots
from fercore.services.training.runs import TrainRequest
from fercore.statuses import Status
from fercore.store.training import runs
from fercore.training.recipes.recipe import MODERN
from tests.conftest import fill


def finished(store, faces=(0, 1, 2, 3, 4, 5, 6), held_out=(0, 1, 2)):
    """Of VGG16 on snapshot S of dataset D, whose test split has the `held_out` faces; its number."""
    fill(store, "D", list(faces))
    fill(store, "D", list(held_out), split="test", start=100)
    snapshots.freeze(store, "S", ["D"])
    run = run_service.create(store, TrainRequest("S", "VGG16", MODERN, "none"))
    with store.database.writing() as session:
        runs.set_values(session, run, status=Status.DONE, reported_epoch=1)
    (store.run_folder(run) / "model.keras").write_bytes(b"what Keras wrote")
    return run
