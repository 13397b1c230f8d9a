"""One face in detail: its surroundings, what is known of it, its neighbours and its history, as sentences to show."""

import base64
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from fercore.curation.review_filter import ReviewFilter
from fercore.curation.votes import UNDOING, DecisionKind, shown_kind
from fercore.emotions import EMOTIONS
from fercore.faces.boxes import BoxOrigin
from fercore.language import tr, trn
from fercore.language.dates import moment
from fercore.services.review.grid import tiles
from fercore.store import Store
from fercore.store.datasets import faces
from fercore.store.review import added_faces, adjudications, decisions, model_predictions, remarks
from fercore.store.review import tiles as tile_table
from fercore.store.review.remarks import RemarkKind
from fercore.store.tables import Decision, Face, Mark, Photo, Remark, Vote

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

NEIGHBOURS: Final = 12


def grays(store: Store, face_ids: Sequence[int]) -> dict[int, bytes]:
    """The pixels of these faces, row by row, as far as they are there."""
    with store.database.reading() as session:
        return faces.grays(session, face_ids)


def detail(store: Store, view: ReviewFilter, face_id: int, with_near: bool = False) -> dict[str, Any] | None:
    """One face's surroundings, facts and history, as sentences to show; None when it is gone.

    Who works blind sees of the history only what they did themselves.
    """
    with store.database.reading() as session:
        row = faces.with_photo(session, face_id)
        if row is None:
            return None
        jpeg = faces.context(session, face_id)
        only = view.reviewer if view.blind else None
        events = decisions.history(session, face_id, only)
        remarked = remarks.history(session, face_id, only)
        marks = (
            [] if view.blind else [mark for mark in remarks.of_face(session, face_id) if mark.reviewer != view.reviewer]
        )
        ruled = adjudications.is_ruled(session, face_id)
        votes = adjudications.votes(session, face_id) if view.adjudicates else []
        near = tile_table.neighbours(session, row[0], NEIGHBOURS) if with_near else []
        adder = None if view.blind else added_faces.added_by(session, face_id)
        hides = bool(tile_table.hidden_sources(session, view, [face_id]))
        probabilities = model_predictions.of_face(session, view.advisor, face_id) if view.advisor is not None else None
    return {
        "id": face_id,
        "context": base64.b64encode(jpeg).decode() if jpeg else None,
        "facts": [
            *_facts(*row, blind=view.blind, hides=hides),
            *([(tr("Added by"), adder)] if adder else []),
            *([] if view.advisor is None else [(tr("Model {run}", run=view.advisor), _surest(probabilities))]),
            *((tr("Vote {number}", number=n), _vote_words(vote)) for n, vote in enumerate(votes, 1)),
        ],
        # Who votes on what is not settled shall not sway who settles it.
        "near": _near(store, view, near, hides),
        "history": _history(events if ruled or not view.adjudicates else [], remarked, hides),
        "notes": [_note(mark) for mark in marks if mark.note],
    }


def _near(store: Store, view: ReviewFilter, near: Sequence[tuple[int, bool]], hides: bool) -> list[dict[str, Any]]:
    """Faces of the same photo and person, as this reviewer may see them; beside a face without a label, without."""
    same_photo = dict(near)
    why = {True: tr("same photo"), False: tr("same person")}
    return [{**tile, "why": why[same_photo[tile["id"]]]} for tile in tiles(store, view, list(same_photo), hides)]


def _facts(face: Face, photo: Photo | None, blind: bool, hides: bool) -> list[tuple[str, str]]:
    """Facts about a face; with a hidden source label, names that may reveal it are left out."""
    source = tr(EMOTIONS[face.source_emotion]) if face.source_emotion is not None else tr("none")
    word = f" ({face.source_word})" if face.source_word else ""
    facts = [
        (tr("Number"), f"#{face.id}"),
        (tr("Source label"), tr("hidden in this task") if hides else source + word),
        (tr("Split"), tr(face.split)),
        (tr("Photo"), photo.name if photo and not hides else None),
        (tr("Person"), face.subject),
        (tr("Annotators"), "" if hides else ", ".join(face.annotators or [])),
        # It says that somebody rejected another crop.
        (tr("Crop"), tr("drawn by hand") if face.detector == BoxOrigin.HAND and not blind else None),
        (tr("Detector score"), f"{face.score:.1f}" if face.score is not None else None),
        (tr("Checks"), _checks(face)),
    ]
    return [(name, value) for name, value in facts if value]


def _surest(probabilities: "npt.NDArray[np.float32] | None") -> str:
    """The three emotions that a run holds likeliest, in words."""
    if probabilities is None:
        return tr("not predicted, or trained on this face")
    first = sorted(range(len(EMOTIONS)), key=lambda emotion: -probabilities[emotion])[:3]
    return ", ".join(f"{tr(EMOTIONS[emotion])} {probabilities[emotion]:.0%}" for emotion in first)


def _checks(face: Face) -> str:
    if face.eyes is None:
        return ""
    eyes = trn("{count} eye found", "{count} eyes found", face.eyes)
    return f"{eyes}, {tr('maybe no face')}" if face.doubtful else eyes


def _sentence(event: Decision, hides: bool) -> str:
    note = f" – {event.note}" if event.note else ""
    if hides and event.emotion is not None:  # confirmed or relabelled would say what the source says
        return f"{moment(event.decided_at)} {event.reviewer}: {_what(event)}{note}"
    ruled = event.adjudicates and event.kind not in UNDOING
    word = tr(shown_kind(event.kind, event.before))
    kind = tr("ruled: {kind}", kind=word) if ruled else word
    return f"{moment(event.decided_at)} {event.reviewer}: {kind} {_what(event)}".rstrip() + note


def _history(events: Sequence[Decision], remarked: Sequence[Remark], hides: bool) -> list[str]:
    """Decisions and remarks in the order in which they were made."""
    lines = [(event.decided_at, _sentence(event, hides)) for event in events]
    lines += [(remark.made_at, _remark(remark)) for remark in remarked if remark.whose == remark.reviewer]
    return [line for _, line in sorted(lines, key=lambda line: line[0])]


def _remark(remark: Remark) -> str:
    words = {
        RemarkKind.FLAGGED: tr("flagged"),
        RemarkKind.UNFLAGGED: tr("flag removed"),
        RemarkKind.NOTED: tr("note: {text}", text=remark.text) if remark.text else tr("note removed"),
        RemarkKind.UNDONE: tr("undone"),
    }
    return f"{moment(remark.made_at)} {remark.reviewer}: {words[RemarkKind(remark.kind)]}"


def _note(mark: Mark) -> dict[str, str]:
    when = moment(mark.noted_at) if mark.noted_at else ""
    return {"by": f"{mark.reviewer} · {when}", "text": mark.note}


def _what(event: Decision | Vote) -> str:
    return tr(EMOTIONS[event.emotion]) if event.emotion is not None else tr(event.reason) if event.reason else ""


def _vote_words(vote: Vote) -> str:
    return (
        _what(vote)
        if vote.kind in (DecisionKind.CONFIRMED, DecisionKind.RELABELLED)
        else f"{tr(vote.kind)} {_what(vote)}".rstrip()
    )
