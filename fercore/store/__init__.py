"""The only room that owns the database and the disk."""

from dataclasses import dataclass
from pathlib import Path

from fercore.errors import FercoreError, InputError
from fercore.language.sentences import sentence
from fercore.language.system_reasons import reason
from fercore.settings import Settings
from fercore.store.database import Database
from fercore.store.system import file_swap
from fercore.store.training.artifact_store import ArtifactStore


@dataclass(frozen=True)
class Store:
    """One installation: its settings, its database and its folders."""

    settings: Settings
    database: Database
    recovered: str = ""  # what became of a restore that was interrupted, if there was one

    @property
    def photos(self) -> Path:
        """Uploaded photos, named by their content."""
        return self._folder(self.settings.data_dir / "photos")

    @property
    def uploads(self) -> Path:
        """Files that came through the browser and wait for their job."""
        return self._folder(self.settings.data_dir / "uploads")

    @property
    def visits(self) -> Path:
        """Visitors' photos and clips while a job reads them, in folders that nobody else can open."""
        return self._folder(self.settings.data_dir / "visits")

    @property
    def logs(self) -> Path:
        """The output of the jobs' processes."""
        return self._folder(self.settings.data_dir / "logs")

    @property
    def recipes(self) -> Path:
        """People's own recipes, a YAML file each."""
        return self._folder(self.settings.data_dir / "recipes")

    @property
    def maps(self) -> Path:
        """Maps of faces, a file each: made again from the faces where one is gone, so that no backup has them."""
        return self._folder(self.settings.data_dir / "maps")

    def run_folder(self, run_id: int) -> Path:
        """The folder of a run's model, checkpoint and log."""
        return self._folder(self.settings.models_dir / f"run-{run_id}")

    @property
    def artifacts(self) -> ArtifactStore:
        """The place of run folders between machines that share no disk."""
        return ArtifactStore(self.settings.runs_url, self.settings.models_dir)

    @staticmethod
    def _folder(path: Path) -> Path:
        path.mkdir(parents=True, exist_ok=True)
        return path


def open_store(settings: Settings) -> Store:
    """Open an installation, making its folders, applying its migrations and settling a restore that was interrupted.

    Raises InputError and StoredDataError.
    """
    for folder, setting in ((settings.data_dir, "FERCORE_DATA_DIR"), (settings.models_dir, "FERCORE_MODELS_DIR")):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except (OSError, ValueError) as error:
            raise InputError(
                sentence(
                    "The folder '{folder}' cannot be made: {why}. Set {setting} to another place.",
                    folder=folder,
                    why=reason(error),
                    setting=setting,
                )
            ) from error
    database = Database(settings.database)
    try:
        outcome = file_swap.recover(settings.data_dir, database)
    except FercoreError:
        database.close()
        raise
    return Store(settings, database, file_swap.sentence(outcome))
