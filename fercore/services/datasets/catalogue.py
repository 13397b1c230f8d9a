"""Datasets as the pages and the command line see them: counted, emptied, removed."""

from typing import Any

from fercore.errors import InputError, InUseError
from fercore.language import tr
from fercore.populations import POPULATIONS
from fercore.services.naming import checked_name
from fercore.store import Store
from fercore.store.audit import map_files
from fercore.store.datasets import datasets as table
from fercore.store.datasets import photos, usage
from fercore.store.datasets import summaries as summary_table
from fercore.store.datasets.datasets import DatasetContents as DatasetContents
from fercore.store.datasets.summaries import DatasetSummary as DatasetSummary
from fercore.store.jobs import queue
from fercore.store.system import names
from fercore.store.tables import Photo


def summaries(store: Store) -> list[DatasetSummary]:
    """All datasets, oldest first."""
    with store.database.reading() as session:
        return summary_table.summaries(session)


def as_json(summary: DatasetSummary) -> dict[str, Any]:
    """A dataset's counts as the command line prints them."""
    return {
        "name": summary.name,
        "source": summary.source,
        "faces": summary.faces,
        "counts": summary.counts,
        "reviewed": summary.reviewed,
        "rejected": summary.rejected,
        "unlabelled": summary.unlabelled,
        "unsure": summary.unsure,
        "disputed": summary.disputed,
        "rejected_in": summary.rejected_in,
        "unlabelled_in": summary.unlabelled_in,
        "unsure_in": summary.unsure_in,
        "disputed_in": summary.disputed_in,
        "population": summary.population,
    }


def contents(store: Store, name: str) -> DatasetContents:
    """The data that deleting a dataset takes along; raises NotFoundError."""
    with store.database.reading() as session:
        return table.contents(session, table.named(session, name).id)


def import_contents(store: Store, import_id: int) -> DatasetContents:
    """The data that undoing an import takes along; raises NotFoundError."""
    with store.database.reading() as session:
        return table.import_contents(session, import_id)


def rename(store: Store, name: str, new: str) -> str:
    """Give a dataset another name; returns it. Snapshots, sweeps and the study's tables follow.

    Raises NotFoundError, InputError for what is no name or another dataset's, InUseError while a job works with it.
    """
    clean = checked_name(new)
    with store.database.writing() as session:
        dataset = table.named(session, name)
        if clean == name:
            return clean
        if clean in table.names(session):
            raise InputError(tr("There is a dataset '{name}' already: choose another name.", name=clean))
        for job in queue.active(session):
            if names.renamed(job.arguments, name, "") != job.arguments:
                raise InUseError(tr("Job {job} works with '{name}': wait for it, or cancel it.", job=job.id, name=name))
        names.rename_dataset(session, dataset, clean)
    return clean


def set_population(store: Store, name: str, population: str | None) -> None:
    """Say whose faces a dataset shows, or that it is not known; raises NotFoundError, InputError for another word."""
    if population is not None and population not in POPULATIONS:
        known = ", ".join(POPULATIONS)
        raise InputError(
            tr("There is no population '{population}'. Choose one of {known}.", population=population, known=known)
        )
    with store.database.writing() as session:
        table.named(session, name).population = population


def check_removable(store: Store, name: str) -> None:
    """Raise at once what `remove` would refuse."""
    with store.database.reading() as session:
        usage.refuse_if_frozen(session, table.named(session, name), quickly=True)


def check_undoable(store: Store, import_id: int) -> None:
    """Raise at once what `undo_import` would refuse."""
    with store.database.reading() as session:
        usage.refuse_if_import_frozen(session, import_id, quickly=True)


def remove(store: Store, name: str) -> None:
    """Delete a dataset; raises InUseError while a snapshot uses it."""
    with store.database.writing() as session:
        dataset = table.named(session, name)
        gone = photos.hashes(session, Photo.dataset_id == dataset.id)
        emptied = [source_import.id for source_import in table.imports(session, dataset.id)]
        dataset_id = dataset.id
        table.remove(session, dataset)
    map_files.remove(store.maps, dataset_id)
    _drop_files(store, gone, emptied)


def imports(store: Store, name: str) -> list[dict[str, Any]]:
    """A dataset's imports, latest first."""
    with store.database.reading() as session:
        return [
            {
                "import": entry.id,
                "started": f"{entry.started_at:%Y-%m-%d %H:%M}",
                "finished": entry.finished_at is not None,
                "source": entry.source,
                "path": entry.path,
                "added": entry.added,
                "skipped": entry.skipped,
            }
            for entry in table.imports(session, table.named(session, name).id)
        ]


def undo_import(store: Store, import_id: int) -> int:
    """Delete what one import brought; returns the number of faces; a dataset left empty goes, too."""
    with store.database.writing() as session:
        gone = photos.hashes(session, Photo.import_id == import_id)
        faces = table.undo_import(session, import_id)
        table.forget_empty(session)
    _drop_files(store, gone, [import_id])
    return faces


def _drop_files(store: Store, gone: set[str], imports: list[int]) -> None:
    """Copies of photos with these hashes, and the imports' lists of problems."""
    with store.database.reading() as session:
        photos.drop_copies(session, store.photos, gone)
    for number in imports:
        for listed in store.logs.glob(f"import-{number}-*problems.csv"):
            listed.unlink(missing_ok=True)
