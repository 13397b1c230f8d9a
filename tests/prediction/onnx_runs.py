"""Trained runs for tests: an ONNX file of a small network that was checked, and no Keras file."""

import hashlib

from fercore.services.training import runs as run_service
from fercore.services.training.runs import TrainRequest
from fercore.store.training import runs
from fercore.training.recipes.recipe import MODERN
from tests.prediction import onnx_models as models


def add_run(store, snapshot, backbone="VGG16", data=None):
    """A finished run of this snapshot; returns its number."""
    data = data or models.sound()
    run = run_service.create(store, TrainRequest(snapshot, backbone, MODERN, "none"))
    facts = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(), "opset": 18, "faces": 2, "largest": 1e-6}
    with store.database.writing() as session:
        runs.set_values(session, run, status="done", reported_epoch=1)
        runs.note(session, run, {"exports": {"onnx": {**facts, "generated": False}}})
    for name, content in (("model.onnx", data), ("model.keras", b"no model")):
        (store.run_folder(run) / name).write_bytes(content)
    return run
