"""Tools for assistants: the verbs of the command line as functions whose docstrings say what they are for.

Each returns one JSON object. Photos come as bytes: no tool reads an address or a path.
"""

import base64
import binascii
import json
from typing import Any, Final

from fercore.errors import InputError
from fercore.language import tr
from fercore.services.system.installation import Store

LARGEST_PHOTO: Final = 32 * 2**20


class ReadingTools:
    """Tools that change nothing."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def list_datasets(self) -> dict[str, Any]:
        """All datasets: faces by split and emotion, and how many of them people have reviewed."""
        from fercore.services.datasets import catalogue

        return plain({"datasets": [catalogue.as_json(each) for each in catalogue.summaries(self._store)]})

    def list_runs(self, finished_only: bool = True) -> dict[str, Any]:
        """Trainings, newest first: backbone, recipe, the datasets trained on, and the run that predicts by default.

        Without finished_only, those that wait, train or failed are listed, too.
        """
        from fercore.services.prediction import finished_runs

        return plain({"runs": finished_runs.listed(self._store, every=not finished_only)})

    def run_card(self, run: int) -> dict[str, Any]:
        """A run's model card: made of which data, tested on what, with which licence, and for what it is not."""
        from fercore.services.prediction import model_card

        return plain(model_card.as_json(self._store, run))

    def evaluations(self, run: int | None = None, dataset: str | None = None) -> dict[str, Any]:
        """Accuracies of runs on splits of datasets, all or those of one run or dataset.

        A row that is stale was counted with labels that have changed since.
        """
        from fercore.services.comparison import table

        rows = [
            row for row in table.rows(self._store) if run in (None, row["run"]) and dataset in (None, row["dataset"])
        ]
        return plain({"evaluations": rows})

    def compare(self, run_a: int, run_b: int, dataset: str, split: str) -> dict[str, Any]:
        """Two runs on the same faces of a split (train, validation or test): the difference with its 95 % interval,
        McNemar's tests, and in `claim` the sentence that may be said. Both must have been evaluated there."""
        from fercore.services.comparison import claims, pair

        return plain(claims.as_json(pair.of_runs(self._store, run_a, run_b, dataset, split)))

    def predict_photo(
        self, photo_base64: str, name: str = "photo", run: int | None = None, calibrated: bool = False
    ) -> dict[str, Any]:
        """The faces of one photo with seven emotion probabilities each. Readings of expressions, not of feelings, and
        not for decisions about people.

        photo_base64 is the picture file's content in base64: JPEG, PNG, WebP, AVIF, BMP, TIFF or GIF.
        """
        from fercore.services.datasets import detectors
        from fercore.services.prediction import demo_model, photos, warm_models

        data = decoded(photo_base64)
        chosen = demo_model.default_run(self._store) if run is None else run
        if chosen is None:
            raise InputError(tr("There is no trained model yet: train a backbone first."))
        reader = warm_models.reader(self._store, chosen, calibrated)
        read = photos.predict(reader, name, data, detectors.chosen(self._store))
        return plain({"run": chosen, **photos.as_json(read)})


class WritingTools:
    """Tools that start or end work."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def train(
        self, snapshot: str, backbone: str, recipe: str = "modern", weights: str = "none", seed: int = 0
    ) -> dict[str, Any]:
        """Queue the training of a backbone on a snapshot; returns the run with its number and the warnings.

        weights is imagenet or none.
        """
        from fercore.services.training import preflight, recipes, run_details, runs
        from fercore.services.training.runs import TrainRequest

        if weights not in ("imagenet", "none"):
            raise InputError(tr("'{word}' is neither imagenet nor none.", word=weights[:60]))
        request = TrainRequest(snapshot, backbone, recipes.named(self._store, recipe), weights, seed)
        runs.check(self._store, request)
        warnings = [caution.text for caution in preflight.cautions(self._store, request)]
        view = run_details.view(self._store, runs.start(self._store, request))
        return plain({"run": view.run.id, "status": view.status, "warnings": warnings})

    def cancel_run(self, run: int) -> dict[str, Any]:
        """Ask a queued or running training to stop; it can be resumed later."""
        from fercore.services.training import runs

        return plain({"run": run, "status": runs.cancel(self._store, run)})


READING: Final = ("list_datasets", "list_runs", "run_card", "evaluations", "compare", "predict_photo")
WRITING: Final = ("train", "cancel_run")


def decoded(photo_base64: str) -> bytes:
    """The bytes of a photo; raises InputError for too many of them, and for an address or a path."""
    if len(photo_base64) > LARGEST_PHOTO * 4 // 3 + 4:
        raise InputError(tr("The picture's file is bigger than {limit} MB.", limit=LARGEST_PHOTO // 2**20))
    try:
        return base64.b64decode("".join(photo_base64.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise InputError(
            tr("This is not base64. Send the content of the photo's file: no address and no path is read.")
        ) from error


def plain(result: dict[str, Any]) -> dict[str, Any]:
    """The result in what JSON has; times become texts."""
    made: dict[str, Any] = json.loads(json.dumps(result, default=str))
    return made
