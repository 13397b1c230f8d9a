"""Decisions out of Label Studio's JSON export (the full one, with `annotations`)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from fercore import emotions
from fercore.curation.votes import REASONS
from fercore.errors import BadRowsError, Fault, UnreadableSourceError
from fercore.language import tr
from fercore.store import Store, datasets, exchange
from fercore.store.exchange import NamedFaces, Told

LARGEST_MB: Final = 512
FACE_KEY: Final = "face"  # a task whose data say which face it is, by fercore's own name for it


@dataclass
class Report:
    """What an export held: decisions by whether they were new, and annotations that say nothing."""

    added: int = 0
    known: int = 0
    empty: int = 0


@dataclass(frozen=True)
class _Annotation:
    where: str
    task: dict[str, Any]
    said: dict[str, Any]
    words: list[str] = field(default_factory=list)


def import_json(store: Store, file: Path, dataset: str) -> Report:
    """Append what people chose in Label Studio for faces of a dataset; importing it again changes nothing.

    A task's face is named by `data.face`, or by a file in its data of the same name as the face's or its photo's.
    A choice is an emotion in any known vocabulary or a reason to reject. Raises BadRowsError and stores nothing where
    a task names no face or a choice is unknown, UnreadableSourceError for another file.
    """
    tasks = _read(file)
    report = Report()
    with store.database.writing() as session:
        known = exchange.named_faces(session, datasets.named(session, dataset).id)
        told: list[Told] = []
        faults: list[Fault] = []
        for one in _annotations(tasks):
            if not one.words:
                report.empty += 1
                continue
            try:
                told.append(_told(one, dataset, known))
            except ValueError as error:
                faults.append(Fault(one.where, str(error)))
        if faults:
            raise BadRowsError(faults)
        report.added = exchange.append(session, told)
        report.known = len(told) - report.added
    return report


def _read(file: Path) -> list[dict[str, Any]]:
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
        found = json.loads(file.read_bytes())
    except OSError as error:
        raise UnreadableSourceError(
            tr("'{name}' cannot be opened: {why}.", name=file.name, why=error.strerror)
        ) from None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list) or not all(isinstance(task, dict) and "annotations" in task for task in found):
        raise UnreadableSourceError(
            tr("'{name}' is no JSON export of Label Studio: expected a list of tasks with annotations.", name=file.name)
        )
    return found


def _annotations(tasks: list[dict[str, Any]]) -> Iterator[_Annotation]:
    for task in tasks:
        for number, said in enumerate(task["annotations"] or [], start=1):
            if isinstance(said, dict):
                where = tr("task {task}, annotation {number}", task=task.get("id"), number=number)
                yield _Annotation(where, task, said, [] if said.get("was_cancelled") else _choices(said))


def _choices(said: dict[str, Any]) -> list[str]:
    found: list[str] = []
    for result in said.get("result") or []:
        value = result.get("value") if isinstance(result, dict) else None
        choices = value.get("choices") if isinstance(value, dict) else None
        found += [str(choice) for choice in choices or []]
    return found


def _told(one: _Annotation, dataset: str, known: NamedFaces) -> Told:
    emotion, reason = _meaning(one.words)
    identity = _identity(one.task.get("data"), known)
    face_id, source = known.by_identity[identity]
    name = one.said.get("unique_id") or f"{one.task.get('id')}/{one.said.get('id')}"
    unique = str(uuid5(NAMESPACE_URL, f"label-studio/{name}"))
    return Told(
        id=unique,
        action=unique,
        dataset=dataset,
        identity=identity,
        face_id=face_id,
        reviewer=_person(one.said.get("completed_by")),
        kind="rejected" if emotion is None else "confirmed" if emotion == source else "relabelled",
        emotion=emotion,
        reason=reason,
        before=source,
        undoes=None,
        decided_at=_moment(one.said),
    )


def _meaning(words: list[str]) -> tuple[int | None, str | None]:
    """(emotion, reason to reject): one of both."""
    if len(set(words)) > 1:
        raise ValueError(
            tr("{count} choices where one was expected: {words}", count=len(words), words=", ".join(words))
        )
    word = words[0]
    emotion = emotions.find(word)
    reason = next((reason for reason in REASONS if reason == word.strip().lower()), None)
    if emotion is None and reason is None:
        known = f"{emotions.known_words()}; {', '.join(REASONS)}"
        raise ValueError(tr("'{word}' is no known emotion or reason to reject: {known}", word=word, known=known))
    return emotion, reason


def _identity(data: Any, known: NamedFaces) -> str:
    """Which face a task is about; Label Studio puts eight signs and a dash before the names of uploads."""
    values = [str(value) for value in data.values() if isinstance(value, str)] if isinstance(data, dict) else []
    if isinstance(data, dict) and str(data.get(FACE_KEY)) in known.by_identity:
        return str(data[FACE_KEY])
    for value in values:
        name = PurePosixPath(value.partition("?")[0].replace("\\", "/")).name
        for candidate in (name, name[9:] if name[8:9] == "-" else ""):
            found = known.by_file.get(candidate)
            if found is not None:
                return found
    raise ValueError(tr("its data name no face of this dataset: {data}", data=", ".join(values)[:200] or "–"))


def _person(completed_by: Any) -> str:
    if isinstance(completed_by, dict):
        told = completed_by.get("email") or completed_by.get("username") or completed_by.get("id")
    else:
        told = completed_by
    name = " ".join(str(told or "").split())[:60]
    return f"Label Studio {name}" if name.isdecimal() or not name else name


def _moment(said: dict[str, Any]) -> datetime:
    given = str(said.get("updated_at") or said.get("created_at"))
    try:
        return datetime.fromisoformat(given).astimezone()
    except ValueError:
        raise ValueError(tr("'{given}' is no moment in time", given=given)) from None
