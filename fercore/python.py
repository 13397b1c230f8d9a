"""An installation in a notebook: its faces, runs, evaluations and predictions as pandas frames."""

from pathlib import Path
from typing import TYPE_CHECKING

from fercore.services.comparison import stored_evaluations
from fercore.services.comparison import table as comparison_table
from fercore.services.comparison.evaluation_details import predictions
from fercore.services.datasets import face_frame
from fercore.services.system.installation import Store, opened
from fercore.services.training import run_frame
from fercore.settings import read_settings

if TYPE_CHECKING:
    import pandas as pd


def open(data_dir: str | Path | None = None, models_dir: str | Path | None = None) -> "Lab":
    """The installation of this process's settings, or the one in these folders.

    Raises InputError or StoredDataError where it cannot be opened.
    """
    settings = read_settings()
    if data_dir is not None:
        settings = settings.model_copy(update={"data_dir": Path(data_dir).expanduser(), "database_url": ""})
    if models_dir is not None:
        settings = settings.model_copy(update={"models_dir": Path(models_dir).expanduser()})
    return Lab(opened(settings, print))


class Lab:
    """An open installation; each method reads the store as it is now and returns a new frame."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def faces(self, dataset: str | None = None, split: str | None = None) -> "pd.DataFrame":
        """A row for each face, of one dataset or split only if that is named; `label` is empty where it has none."""
        return face_frame.frame(self._store, dataset, split)

    def runs(self) -> "pd.DataFrame":
        """A row for each run, models from elsewhere among them, with the figures of its reported epoch."""
        return run_frame.frame(self._store)

    def evaluations(self) -> "pd.DataFrame":
        """A row for the latest evaluation of each run on each split; `stale` where labels have changed since."""
        import pandas as pd

        columns = ("evaluation", *comparison_table.COLUMNS, "stale")
        views = stored_evaluations.listed(self._store)
        rows = comparison_table.rows(self._store)
        numbered = [{"evaluation": view.id, **row} for view, row in zip(views, rows, strict=True)]
        return pd.DataFrame(numbered, columns=list(columns))

    def predictions(
        self, run: int | None = None, dataset: str | None = None, split: str | None = None
    ) -> "pd.DataFrame":
        """A row for each face of the latest evaluations, with its label then and the seven probabilities."""
        views = [
            view
            for view in stored_evaluations.listed(self._store)
            if run in (None, view.run) and dataset in (None, view.dataset) and split in (None, view.split)
        ]
        return predictions(self._store, views)

    def close(self) -> None:
        """Return all connections to the database."""
        self._store.database.close()
