"""Tasks for Label Studio: pictures as data, the source's label as a prediction, decisions as annotations.

A folder of `tasks.json`, which its import takes as it is, and `config.xml`, the labeling setup of its project. Pictures
stand in the tasks themselves, so that no storage must be set up; `face` names the face on the way back.
"""

import base64
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import quoteattr

from fercore.curation.votes import REASONS, UNSURE, DecisionKind, RejectionReason
from fercore.emotions import EMOTIONS
from fercore.exports.face import ExportFace, ExportVote, png

TASKS: Final = "tasks.json"
CONFIG: Final = "config.xml"
CONTROL: Final = "emotion"
OBJECT: Final = "image"
SOURCE: Final = "source"  # the version of the model whose predictions are the source's own labels


def write(faces: Iterable[ExportFace], target: Path) -> int:
    """Write the two files into a new folder, one task for each face; returns how many files that is."""
    target.mkdir()
    (target / CONFIG).write_text(config(), "utf-8")
    with (target / TASKS).open("x", encoding="utf-8") as file:
        file.write("[")
        for number, face in enumerate(faces):
            file.write(",\n" if number else "\n")
            file.write(json.dumps(task(face), ensure_ascii=False))
        file.write("\n]\n")
    return 2


def task(face: ExportFace) -> dict[str, Any]:
    """One face as a task."""
    picture = base64.b64encode(png(face.gray)).decode()
    data: dict[str, Any] = {
        OBJECT: f"data:image/png;base64,{picture}",
        "face": face.identity,
        "file": face.place,
        "dataset": face.dataset,
        "split": face.split,
    }
    if face.photo:
        data["photo"] = face.photo
    if face.weight is not None:
        data["weight"] = face.weight
    if face.flagged:
        data["flagged"] = True
    if face.notes:
        data["notes"] = [f"{who}: {note}" for who, note in zip(face.noted_by or (), face.notes, strict=True)]
    predictions = [] if face.source_emotion is None else [_prediction(face.source_emotion)]
    return {"data": data, "predictions": predictions, "annotations": [_annotation(vote) for vote in face.votes]}


def config() -> str:
    """The labeling setup: one choice among the emotions, the reasons to reject, and "not sure"."""
    choices = "".join(f"    <Choice value={quoteattr(word)}/>\n" for word in _words())
    return (
        f'<View>\n  <Image name="{OBJECT}" value="${OBJECT}"/>\n'
        f'  <Choices name="{CONTROL}" toName="{OBJECT}" choice="single" showInline="true">\n{choices}  </Choices>\n'
        "</View>\n"
    )


def _words() -> Iterator[str]:
    yield from EMOTIONS
    yield from REASONS
    yield UNSURE


def _prediction(emotion: int) -> dict[str, Any]:
    return {"model_version": SOURCE, "result": [_chosen(EMOTIONS[emotion])]}


def _annotation(vote: ExportVote) -> dict[str, Any]:
    """A reviewer's vote; its number comes back with the annotation, so that it is known again."""
    word = (
        UNSURE
        if vote.kind == DecisionKind.UNSURE
        else vote.reason
        if vote.kind == DecisionKind.REJECTED
        else EMOTIONS[vote.emotion or 0]
    )
    return {"id": vote.decision, "result": [_chosen(word or RejectionReason.OTHER)]}


def _chosen(word: str) -> dict[str, Any]:
    return {"from_name": CONTROL, "to_name": OBJECT, "type": "choices", "value": {"choices": [word]}}
