"""The artifact store: where run folders lie between machines that share no disk, in any place that fsspec can reach."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, Final
from urllib.parse import urlsplit

from fercore.errors import ArtifactStoreError
from fercore.language.sentences import sentence

KNOWN_FILE: Final = ".depot.json"
LAST: Final = "training.json"  # It names the checkpoint that belongs to it, so it travels behind it.


class ArtifactStore:
    """Run folders under one address, such as s3://bucket/fercore; without an address nothing travels.

    A machine remembers for each file of a run what it was when it last travelled, and moves only what changed.
    Every method raises `ArtifactStoreError` where the address cannot be used.
    """

    def __init__(self, address: str, models: Path) -> None:
        self._address = address.rstrip("/")
        self._models = models

    def send(self, run_id: int) -> None:
        """Make the run's folder there as it is here."""
        if not self._address:
            return
        folder = self._folder(run_id)
        known = _read_known(folder)
        with self._opened(run_id) as (files, place):
            here = {path.name: path for path in folder.iterdir() if _travels(path.name) and path.is_file()}
            for name in sorted(here, key=lambda name: name == LAST):
                stamp = _stamp(here[name])
                if known.get(name, {}).get("here") != stamp:
                    files.put_file(str(here[name]), f"{place}/{name}.part")
                    files.mv(f"{place}/{name}.part", f"{place}/{name}")
                    known[name] = {"here": stamp, "there": _version(files, f"{place}/{name}")}
            for name in _listed(files, place) - here.keys():
                files.rm_file(f"{place}/{name}")
        _write_known(folder, {name: known[name] for name in here})

    def fetch(self, run_id: int, *names: str) -> None:
        """Bring what changed there since it last travelled: these files, or all of the run."""
        if not self._address:
            return
        folder = self._folder(run_id)
        known = _read_known(folder)
        with self._opened(run_id) as (files, place):
            there = _listed(files, place)
            for name in sorted(there & set(names) if names else there, key=lambda name: name == LAST):
                version = _version(files, f"{place}/{name}")
                if known.get(name, {}).get("there") == version and (folder / name).is_file():
                    continue
                part = folder / f"{name}.part"
                files.get_file(f"{place}/{name}", str(part))
                part.replace(folder / name)
                known[name] = {"here": _stamp(folder / name), "there": version}
        _write_known(folder, known)

    def remove(self, run_id: int) -> None:
        """Forget a run's files there."""
        if self._address:
            with self._opened(run_id) as (files, place):
                if files.exists(place):
                    files.rm(place, recursive=True)

    def _folder(self, run_id: int) -> Path:
        folder = self._models / f"run-{run_id}"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _reached(self) -> tuple[Any, str]:
        from fsspec.core import url_to_fs

        files, root = url_to_fs(self._address)
        files.invalidate_cache()  # of listings: other machines write there, too
        return files, root

    @contextmanager
    def _opened(self, run_id: int) -> Iterator[tuple[Any, str]]:
        """The file system and the run's place in it."""
        try:
            files, root = self._reached()
            place = f"{root.rstrip('/')}/run-{run_id}"
            files.makedirs(place, exist_ok=True)
            yield files, place
        except Exception as error:  # Each file system has errors of its own, and names for them.
            raise ArtifactStoreError(
                sentence(
                    "The artifact store {without_secrets} cannot be used ({name}: {error}). Check "
                    "FERCORE_RUNS_URL, the package for its kind of address and the rights there.",
                    without_secrets=_without_secrets(self._address),
                    name=type(error).__name__,
                    error=error,
                )
            ) from error


def _listed(files: Any, place: str) -> set[str]:
    entries = files.ls(place, detail=True)
    names = {PurePosixPath(entry["name"]).name for entry in entries if entry["type"] == "file"}
    return {name for name in names if _travels(name)}


def _travels(name: str) -> bool:
    return not name.startswith(".") and not name.endswith((".part", ".part.keras"))


def _version(files: Any, path: str) -> str:
    """A mark that changes whenever the content there does."""
    return str(files.ukey(path))


def _stamp(path: Path) -> list[int]:
    file_stat = path.stat()
    return [file_stat.st_mtime_ns, file_stat.st_size]


def _read_known(folder: Path) -> dict[str, Any]:
    try:
        known: dict[str, Any] = json.loads((folder / KNOWN_FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return known


def _write_known(folder: Path, known: dict[str, Any]) -> None:
    (folder / KNOWN_FILE).write_text(json.dumps(known), "utf-8")


def _without_secrets(address: str) -> str:
    parts = urlsplit(address)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="").geturl()
