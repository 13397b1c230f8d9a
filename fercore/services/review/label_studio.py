"""Decisions out of Label Studio's exports: JSON with annotations, JSON_MIN and CSV."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from fercore import emotions
from fercore.curation.votes import REASONS, UNSURE, DecisionKind
from fercore.errors import BadRowsError, Fault
from fercore.language import tr, trn
from fercore.services.review.label_studio_files import Annotation, annotations, has_columns
from fercore.services.review.label_studio_names import Matcher, Under, nowhere
from fercore.store import Store
from fercore.store.datasets import datasets
from fercore.store.review import decision_transfer, reviewers
from fercore.store.review.decision_transfer import DecisionRecord, NamedFace, StoredDecisions


@dataclass
class LabelStudioReport:
    """Contents of an export: decisions by whether they were new, annotations that say nothing, rows left out as bad."""

    added: int = 0
    known: int = 0
    empty: int = 0
    skipped: list[dict[str, str]] = field(default_factory=list)


def is_export(file: Path) -> bool:
    """True if a file is one of Label Studio's: any .json, and a CSV with its columns."""
    return file.suffix.lower() == ".json" or (file.suffix.lower() == ".csv" and has_columns(file))


def import_file(
    store: Store, file: Path, dataset: str, skip_bad: bool = False, roots: Sequence[Path] = ()
) -> LabelStudioReport:
    """Append what people chose in Label Studio for faces of a dataset; importing it again changes nothing.

    A choice is an emotion in any known vocabulary, a reason to reject, or "not sure", which a skipped task is, too.
    Faces whose names are alike are told apart by content where their files lie below one of the `roots`.
    Raises BadRowsError and stores nothing where a task names no face or several, or a choice is unknown, unless bad
    rows are to be skipped; UnreadableSourceError for another file.
    """
    report, faults = LabelStudioReport(), list[Fault]()
    parsed = list(annotations(file))
    with store.database.writing() as session:
        dataset_id = datasets.named(session, dataset).id
        matcher = Matcher(decision_transfer.named_faces(session, dataset_id), Under(roots) if roots else nowhere)
        made, renames = decision_transfer.made(session, dataset_id), reviewers.renames(session)
        records: list[DecisionRecord] = []
        for annotation in parsed:
            if not annotation.words and not annotation.skipped:
                report.empty += 1
                continue
            try:
                decision = _record(annotation, dataset, matcher.find(annotation.face, annotation.names), made, renames)
            except ValueError as error:
                faults.append(Fault(annotation.where, str(error)))
                continue
            report.known += decision is None
            records += [] if decision is None else [decision]
        if faults and not skip_bad:
            raise BadRowsError(faults)
        report.skipped = [{"where": fault.where, "why": fault.why} for fault in faults]
        report.added = decision_transfer.append(session, records)
        report.known += len(records) - report.added
    return report


def _record(
    annotation: Annotation, dataset: str, face: NamedFace, made: StoredDecisions, renames: Mapping[str, str]
) -> DecisionRecord | None:
    """The decision that an annotation is; None for one that is here already, from this or another form of export."""
    kind, emotion, reason = _meaning(annotation, face.source_emotion)
    unique = str(uuid5(NAMESPACE_URL, f"label-studio/{annotation.key}"))
    named, at = _person(annotation.by), _moment(annotation.at)
    reviewer = renames.get(named, named)
    answer = (face.face_id, kind == DecisionKind.REJECTED, kind == DecisionKind.UNSURE, emotion, reason)
    exported = (
        made.by_number.get(annotation.exported)
        if annotation.exported is not None and annotation.face == face.identity
        else None
    )
    # Label Studio tells moments to the microsecond: the same one is the same annotation, in whatever form it comes.
    again = at.microsecond and (face.face_id, reviewer, at) in made.moments
    if again or answer in (made.by_id.get(unique), exported):
        return None
    if unique in made.by_id:
        unique = str(
            uuid5(NAMESPACE_URL, f"label-studio/{annotation.key}/{annotation.at}")
        )  # chosen anew since the last import
    return DecisionRecord(
        id=unique,
        action=unique,
        dataset=dataset,
        identity=face.identity,
        face_id=face.face_id,
        reviewer=reviewer,
        kind=kind,
        emotion=emotion,
        reason=reason,
        before=face.source_emotion,
        undoes=None,
        decided_at=at,
    )


def _meaning(annotation: Annotation, source: int | None) -> tuple[str, int | None, str | None]:
    """(kind, emotion, reason to reject) of what was chosen."""
    if annotation.skipped:
        return DecisionKind.UNSURE, None, None
    if len(set(annotation.words)) > 1:
        raise ValueError(
            trn(
                "{count} choice where one was expected: {words}",
                "{count} choices where one was expected: {words}",
                len(annotation.words),
                words=", ".join(annotation.words),
            )
        )
    word = annotation.words[0]
    if word.strip().lower() == UNSURE:
        return DecisionKind.UNSURE, None, None
    emotion = emotions.find(word)
    reason = next((reason for reason in REASONS if reason == word.strip().lower()), None)
    if emotion is None and reason is None:
        known = f"{emotions.known_words()}; {', '.join((*REASONS, UNSURE))}"
        raise ValueError(tr("'{word}' is not a known emotion or reason to reject: {known}", word=word, known=known))
    kind = (
        DecisionKind.REJECTED
        if emotion is None
        else DecisionKind.CONFIRMED
        if emotion == source
        else DecisionKind.RELABELLED
    )
    return kind, emotion, reason


def _person(completed_by: Any) -> str:
    if isinstance(completed_by, dict):
        person = completed_by.get("email") or completed_by.get("username") or completed_by.get("id")
    else:
        person = completed_by
    name = " ".join(str(person or "").split())[:60]
    return f"Label Studio {name}" if name.isdecimal() or not name else name


def _moment(given: str) -> datetime:
    try:
        return datetime.fromisoformat(given).astimezone()
    except ValueError:
        raise ValueError(tr("'{given}' is not a date or time", given=given)) from None
