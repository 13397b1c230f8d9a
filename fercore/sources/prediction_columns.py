"""Meanings of the columns in a file of predictions: the face that a row is about, and what a model read in it."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from fercore.emotions import EMOTIONS, find, is_other_class
from fercore.errors import UnreadableSourceError
from fercore.language.sentences import sentence


class FaceName(StrEnum):
    """The ways in which a column names a face."""

    ANY = "any"  # its form tells: 64 hex digits are a hash, other digits a number
    PATH = "path"
    PIXELS = "pixels"


_FACES: Final = {
    FaceName.ANY: ("face", "face_id", "face_number", "얼굴", "얼굴_번호"),
    FaceName.PATH: (
        *("file", "filename", "file_name", "path", "file_path", "filepath", "image", "image_path", "image_name", "img"),
        *("img_path", "img_name", "photo", "picture", "파일", "파일명", "파일_이름", "경로", "사진", "이미지"),
    ),
    FaceName.PIXELS: ("pixels", "pixel_hash", "hash", "sha256", "픽셀", "픽셀_해시", "해시"),
}
_COUNTERS: Final = ("id", "번호")  # a row's own number as a rule; a face's where nothing else names it
# The first of these that a file has counts. `label` is none of them: as a rule it is the true emotion.
_WORDS: Final = (
    *("prediction", "predicted", "predicted_emotion", "predicted_label", "predicted_class", "pred", "pred_label"),
    *("pred_emotion", "dominant_emotion", "top_emotion", "예측", "예측_감정", "emotion", "감정"),
)
_BEFORE: Final = re.compile(r"^(?:p|probs?|probabilit(?:y|ies)|proba|scores?|shares?|emotions?|pred)_(?=.)")
_AFTER: Final = re.compile(r"(?<=.)_(?:probs?|probability|scores?|share|percent|pct|확률)$")
_NEEDED: Final = (
    "a column that names the face (face, file or pixels), and seven probabilities, a column for each emotion, or one "
    "word in a column prediction"
)


@dataclass(frozen=True)
class PredictionForm:
    """Places of columns: those that name the face, and the seven emotions in their order, those of other classes, or
    the one that holds a word.
    """

    faces: tuple[tuple[int, FaceName], ...]
    shares: tuple[int, ...]
    others: tuple[tuple[int, str], ...]
    word: int | None

    @property
    def words_only(self) -> bool:
        """True if the file names one emotion for each face and gives no probabilities."""
        return not self.shares

    @property
    def used(self) -> tuple[int, ...]:
        """The places of all columns that are read."""
        word = () if self.word is None else (self.word,)
        return (*(place for place, _ in self.faces), *self.shares, *(place for place, _ in self.others), *word)


def form_of(header: Sequence[str], title: str) -> PredictionForm:
    """The meaning of a file's columns; raises UnreadableSourceError where they tell no face or no prediction."""
    names = [_plain(name) for name in header]
    faces = tuple((place, kind) for place, name in enumerate(names) for kind, known in _FACES.items() if name in known)
    faces = faces or tuple((names.index(name), FaceName.ANY) for name in _COUNTERS if name in names)
    if not faces:
        raise UnreadableSourceError(
            sentence("'{title}' has no column that names a face; expected {needed}.", title=title, needed=_NEEDED)
        )
    shares, others = _emotions(names, header, title)
    if shares and len(shares) < len(EMOTIONS):
        missing = ", ".join(name for index, name in enumerate(EMOTIONS) if index not in shares)
        raise UnreadableSourceError(
            sentence("'{title}' has no probabilities of {missing}; expected all seven.", title=title, missing=missing)
        )
    word = next((names.index(name) for name in _WORDS if name in names), None)
    if not shares and word is None:
        raise UnreadableSourceError(_no_prediction(names, title))
    order = tuple(shares[index] for index in range(len(EMOTIONS))) if shares else ()
    return PredictionForm(faces, order, tuple(others) if shares else (), None if shares else word)


def _no_prediction(names: Sequence[str], title: str) -> str:
    if "label" in names:
        return sentence(
            "'{title}' has no column with predictions: 'label' is not read as one, since it may be the true emotion. "
            "Call it 'prediction' if it is the model's.",
            title=title,
        )
    return sentence("'{title}' has no column with predictions; expected {needed}.", title=title, needed=_NEEDED)


def _emotions(names: Sequence[str], header: Sequence[str], title: str) -> tuple[dict[int, int], list[tuple[int, str]]]:
    """Places of the emotions by index, and those of classes that are none of the seven."""
    shares: dict[int, int] = {}
    others: list[tuple[int, str]] = []
    for place, name in enumerate(names):
        bare = _AFTER.sub("", _BEFORE.sub("", name))
        emotion = find(bare)
        if emotion is None:
            if is_other_class(bare) and bare != "none":
                others.append((place, bare))
        elif emotion in shares:
            raise UnreadableSourceError(
                sentence(
                    "'{title}' has two columns for {emotion}: '{first}' and '{second}'. Leave one.",
                    title=title,
                    emotion=EMOTIONS[emotion],
                    first=header[shares[emotion]].strip(),
                    second=header[place].strip(),
                )
            )
        else:
            shares[emotion] = place
    return shares, others


def _plain(name: str) -> str:
    """A column's name in small letters and underscores, without a sign of percent."""
    text = unicodedata.normalize("NFC", name).strip().strip("'\"").lower()
    text = re.sub(r"[\s(\[]*%[)\]]*$", "", text)
    return re.sub(r"[\s.\-_]+", "_", text).strip("_")
