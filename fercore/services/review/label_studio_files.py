"""Exports of Label Studio, JSON, JSON_MIN or CSV, as annotations of one form."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from fercore import emotions
from fercore.curation.votes import REASONS, UNSURE
from fercore.errors import UnreadableSourceError
from fercore.language import tr
from fercore.language.sentences import words
from fercore.language.system_reasons import reason

LARGEST_MB: Final = 512
# Columns of the short forms that say nothing of the face.
_META: Final = frozenset(("id", "annotator", "annotation_id", "created_at", "updated_at", "lead_time", "agreement"))
_NEEDED: Final = frozenset(("annotation_id", "annotator"))
_OWN_TASK: Final = frozenset(("data", "predictions", "annotations"))  # Label Studio gives each task an id


@dataclass(frozen=True)
class Annotation:
    """One person's answer to one task: chosen words, or `skipped`; `names` are texts that may name the face.

    `key` is the annotation's own name, `at` its moment.
    """

    where: str
    names: tuple[str, ...]
    face: str | None
    words: tuple[str, ...]
    skipped: bool
    by: Any
    key: str
    at: str
    exported: int | None = None  # the number of the decision that fercore wrote as this annotation


@dataclass
class _Columns:
    choices: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)


def annotations(file: Path) -> Iterator[Annotation]:
    """Every annotation of an export; raises `UnreadableSourceError` for a file of another kind."""
    data = _bytes_of(file)
    rows = _csv_rows(data) if file.suffix.lower() == ".csv" else _json_rows(data)
    if rows and all(set(row) == _OWN_TASK for row in rows):
        raise UnreadableSourceError(
            tr(
                "'{name}' is the file of tasks that fercore wrote for Label Studio: import it there, "
                "and import here what Label Studio exports.",
                name=file.name,
            )
        )
    if rows is not None and all("annotations" in row for row in rows):
        return _full(rows)
    if rows is not None and all(set(row) >= _NEEDED for row in rows):
        return _short(rows)
    raise UnreadableSourceError(
        tr(
            "'{name}' is not a Label Studio export: expected its JSON, JSON_MIN or CSV, with annotations.",
            name=file.name,
        )
    )


def has_columns(file: Path) -> bool:
    """True if a CSV is one of Label Studio, by its header: fercore's own has other columns."""
    try:
        with file.open("rb") as stream:
            header = stream.readline(64 * 1024).decode("utf-8-sig", "replace")
    except OSError:
        return False
    return set(next(csv.reader([header]), [])) >= _NEEDED


def _bytes_of(file: Path) -> bytes:
    try:
        size = file.stat().st_size / 2**20
        if size > LARGEST_MB:
            raise UnreadableSourceError(
                tr(
                    "'{name}' has {size} MB; at most {most} are read.",
                    name=file.name,
                    size=round(size),
                    most=LARGEST_MB,
                )
            )
        return file.read_bytes()
    except OSError as error:
        raise UnreadableSourceError(
            tr("'{name}' cannot be opened: {why}.", name=file.name, why=words(reason(error)))
        ) from None


def _json_rows(data: bytes) -> list[dict[str, Any]] | None:
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, list) and all(isinstance(row, dict) for row in document) else None


def _csv_rows(data: bytes) -> list[dict[str, Any]] | None:
    csv.field_size_limit(2**24)  # pictures may stand in a column as data
    try:
        return [dict(row) for row in csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)]
    except (UnicodeDecodeError, csv.Error, TypeError):
        return None


def _full(tasks: list[dict[str, Any]]) -> Iterator[Annotation]:
    for task in tasks:
        data = task.get("data") if isinstance(task.get("data"), dict) else {}
        assert isinstance(data, dict)
        names = [str(value) for value in data.values() if isinstance(value, str)]
        names += [str(task["file_upload"])] if task.get("file_upload") else []
        for number, annotation in enumerate(task["annotations"] or [], start=1):
            if isinstance(annotation, dict):
                yield Annotation(
                    where=tr("task {task}, annotation {number}", task=task.get("id"), number=number),
                    names=tuple(names),
                    face=str(data["face"]) if "face" in data else None,
                    words=tuple(_choices(annotation)),
                    skipped=bool(annotation.get("was_cancelled")),
                    by=annotation.get("completed_by"),
                    key=str(annotation.get("unique_id") or f"{task.get('id')}/{annotation.get('id')}"),
                    at=str(annotation.get("updated_at") or annotation.get("created_at")),
                    exported=annotation["import_id"] if isinstance(annotation.get("import_id"), int) else None,
                )


def _choices(annotation: dict[str, Any]) -> Iterator[str]:
    for result in annotation.get("result") or []:
        value = result.get("value") if isinstance(result, dict) else None
        choices = value.get("choices") if isinstance(value, dict) else None
        yield from (str(choice) for choice in choices or [])


def _short(rows: list[dict[str, Any]]) -> Iterator[Annotation]:
    columns = _sorted_columns(rows)
    for number, row in enumerate(rows, start=1):
        yield Annotation(
            where=tr("row {number} (task {task})", number=number, task=row.get("id")),
            names=tuple(str(row[name]) for name in columns.data if isinstance(row.get(name), str)),
            face=str(row["face"]) if row.get("face") else None,
            words=tuple(word for name in columns.choices for word in _words(row.get(name))),
            skipped=False,
            by=row["annotator"],
            key=f"{row.get('id')}/{row['annotation_id']}",
            at=str(row.get("updated_at") or row.get("created_at")),
        )


def _sorted_columns(rows: list[dict[str, Any]]) -> _Columns:
    """Which columns hold choices: those whose words are all known ones, or else all that name no place.

    The short forms put a task's own data and what was chosen side by side.
    """
    columns = _Columns()
    for name in dict.fromkeys(name for row in rows for name in row if name not in _META and name is not None):
        words = [word for row in rows for word in _words(row.get(name))]
        is_choice = bool(words) and sum(map(_is_known, words)) * 2 > len(words)
        (columns.choices if is_choice and name != "face" else columns.data).append(name)
    return columns


def _words(value: Any) -> list[str]:
    if isinstance(value, str) and value.startswith("{") and '"choices"' in value:
        try:
            value = json.loads(value)
        except ValueError:
            return [str(value)]
    if isinstance(value, dict):
        value = value.get("choices")
    if isinstance(value, list):
        return [str(word) for word in value]
    return [value] if isinstance(value, str) and value else []


def _is_known(word: str) -> bool:
    return emotions.find(word) is not None or word.strip().lower() in (*REASONS, UNSURE)
