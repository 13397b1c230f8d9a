"""One row of a Parquet file to one face: those that `export` wrote come back whole, others by picture and label."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol, cast

from fercore.curation.votes import REASONS, DecisionKind, FaceState
from fercore.emotions import EMOTIONS, find, is_other_class
from fercore.errors import Fault, UnreadableImageError
from fercore.faces.attributes import ATTRIBUTES, CROP, PERSON, CropOrigin, Gender, PersonInfo
from fercore.faces.decoding import decode
from fercore.faces.pixels import Gray, centre_square, shrink
from fercore.language.sentences import sentence
from fercore.sources.provenance import Provenance, Verdict
from fercore.sources.record import FaceRecord, pixel_hash
from fercore.sources.splits import find_split
from fercore.splits import Split

# What is read besides picture and label; the rest is measured again from the pixels.
OWN_COLUMNS: Final = (
    *("split", "dataset", "identity", "source_word", "source_emotion", "state", "reason"),
    *ATTRIBUTES,
    "photo",
)
# Disputed faces come in undecided: the file tells that people disagreed or were not sure, but not the votes.
STATES: Final = (
    None,
    FaceState.UNDECIDED,
    FaceState.CONFIRMED,
    FaceState.RELABELLED,
    FaceState.REJECTED,
    FaceState.DISPUTED,
)
GENDERS: Final = (None, *Gender)
# In characters; some columns of the database hold fewer, and what is looked up by is bounded in bytes.
MAX_TEXT: Final = 1000
MAX_LENGTHS: Final = {"detector": 20, "reason": 20}
MAX_KEY: Final = 2000  # bytes in UTF-8

FileRow = Mapping[str, Any]


class _BadRowError(ValueError):
    """A row that cannot be used; the text says why, and the caller knows where it is."""


class Rows(Protocol):
    """Makes the rows of one kind of file into records."""

    def record(self, row: FileRow, words: Sequence[str] | None, split: Split, where: str) -> FaceRecord | Fault | None:
        """A row to a face, or None where it is left out; `split` counts where the row tells none."""
        ...


class OwnRows:
    """Rows that `export` wrote; with `prefixed`, identities carry their dataset's name."""

    def __init__(self, prefixed: bool) -> None:
        self._prefixed = prefixed

    def record(self, row: FileRow, words: Sequence[str] | None, split: Split, where: str) -> FaceRecord | Fault:
        """A row to a face with all that the file tells of it."""
        try:
            _check_texts(row)
            pixels = _pixels(row["image"])
            prefix = f"{row.get('dataset')}/" if self._prefixed and row.get("dataset") else ""
            return FaceRecord(
                identity=_key("identity", prefix + _identity(row)),
                split=_split(row) or split,
                emotion=_emotion(row, "source_emotion"),
                word=row["source_word"] or "",
                pixels=pixels,
                pixel_hash=pixel_hash(pixels),
                where=where,
                about=_about(row),
                known=Provenance(_crop(row), _key("photo", row.get("photo") or "") or None, _verdicts(row)),
            )
        except (_BadRowError, UnreadableImageError) as error:
            return Fault(where, str(error))


class ForeignRows:
    """Rows of any image dataset; the n-th of the same split, label and pixels is told apart by its n."""

    def __init__(self) -> None:
        self.others: Counter[str] = Counter()  # words of known vocabularies that are none of the seven
        self._copies: Counter[tuple[Split, int | None, str]] = Counter()

    def record(self, row: FileRow, words: Sequence[str] | None, split: Split, where: str) -> FaceRecord | Fault | None:
        """A row to a face, None for one of none of the seven emotions; without a label it is unlabelled."""
        try:
            _check_texts(row)
            word, emotion = _label(row["label"], words)
            if emotion is None and is_other_class(word):
                self.others[word] += 1
                return None
            pixels = _pixels(row["image"])
            split = _split(row) or split
        except (_BadRowError, UnreadableImageError) as error:
            return Fault(where, str(error))
        digest = pixel_hash(pixels)
        self._copies[split, emotion, digest] += 1
        return FaceRecord(
            identity=f"{split}/{word}/{digest}/{self._copies[split, emotion, digest]}",
            split=split,
            emotion=emotion,
            word=word,
            pixels=pixels,
            pixel_hash=digest,
            where=where,
        )


def _label(value: Any, words: Sequence[str] | None) -> tuple[str, int | None]:
    """The word and the emotion of a label; -1 is how `datasets` says that there is none."""
    if value is None or (words is not None and value == -1):
        return "", None
    if words is None:
        emotion = find(value)
        if emotion is None and not is_other_class(value):
            raise _BadRowError(sentence("label '{word}' is not a known emotion", word=value[:40]))
        return value, emotion
    if not 0 <= value < len(words):
        raise _BadRowError(
            sentence("label {value}, expected a number from 0 to {last}", value=value, last=len(words) - 1)
        )
    return words[value], find(words[value])


def _pixels(image: Any) -> Gray:
    data = image.get("bytes") if isinstance(image, dict) else image
    if data is None:
        raise _BadRowError(sentence("the picture is not in the file; embed it (`datasets` does so in `to_parquet`)"))
    return shrink(centre_square(decode(data).gray))


def _check_texts(row: FileRow) -> None:
    for name, value in row.items():
        texts = value if isinstance(value, list) else [value]
        for text in texts:
            longest = MAX_LENGTHS.get(name, MAX_TEXT)
            if isinstance(text, str) and (len(text) > longest or "\0" in text):
                raise _BadRowError(
                    sentence("{name} is longer than {longest} characters, or no text", name=name, longest=longest)
                )


def _key(name: str, text: str) -> str:
    """A text that the database has an index of, whose entries are bounded."""
    if len(text.encode()) > MAX_KEY:
        raise _BadRowError(
            sentence(
                "{name} is longer than {max_key} bytes in UTF-8; shorten it in the file", name=name, max_key=MAX_KEY
            )
        )
    return text


def _identity(row: FileRow) -> str:
    if not row["identity"]:
        raise _BadRowError(sentence("identity is empty, expected the face's name in its dataset"))
    return cast(str, row["identity"])


def _split(row: FileRow) -> Split | None:
    word = row.get("split")
    if word is None:
        return None
    split = find_split(word)
    if split is None:
        raise _BadRowError(sentence("split is '{word}', expected train, validation or test", word=word[:40]))
    return split


def _emotion(row: FileRow, name: str) -> int | None:
    value = row[name]
    if value is not None and not 0 <= value < len(EMOTIONS):
        raise _BadRowError(
            sentence(
                "{name} is {value}, expected a number from 0 to {last}, or null",
                name=name,
                value=value,
                last=len(EMOTIONS) - 1,
            )
        )
    return cast("int | None", value)


def _about(row: FileRow) -> PersonInfo:
    subject = _key("subject", row.get("subject") or "") or None
    gender, age = row.get("gender"), row.get("age")
    if gender not in GENDERS:
        raise _BadRowError(sentence("gender is '{gender}', expected female, male or null", gender=str(gender)[:40]))
    if age is not None and not 0 <= age < 150:
        raise _BadRowError(sentence("age is {age}, expected a decade such as 20", age=age))
    annotators = row.get("annotators") or []
    if not all(isinstance(word, str) for word in annotators):
        raise _BadRowError(sentence("annotators is not a list of words"))
    known = {name: row.get(name) for name in PERSON}
    return PersonInfo(**known | {"subject": subject, "annotators": tuple(annotators)})


def _crop(row: FileRow) -> CropOrigin:
    box = row.get("box")
    if box is not None and (len(box) != 4 or not all(isinstance(x, int) and abs(x) < 2**31 for x in box)):
        raise _BadRowError(sentence("box is not a list of four whole numbers: left, top, width, height"))
    eyes = row.get("eyes")
    if eyes is not None and abs(eyes) >= 2**31:
        raise _BadRowError(sentence("eyes is {eyes}, expected how many were found", eyes=eyes))
    return CropOrigin(**{name: row.get(name) for name in CROP} | {"box": tuple(box) if box else None})


def _verdicts(row: FileRow) -> tuple[Verdict, ...]:
    """The decisions that lead from the source's emotion to the row's label and state."""
    source, label = _emotion(row, "source_emotion"), _emotion(row, "label")
    state, reason = row["state"], row.get("reason")
    if state not in STATES:
        raise _BadRowError(
            sentence(
                "state is '{state}', expected {known} or null", state=state[:40], known=", ".join(filter(None, STATES))
            )
        )
    moved = () if label in (None, source) else (Verdict(DecisionKind.RELABELLED, label),)
    if state == FaceState.REJECTED:
        if reason not in REASONS:
            raise _BadRowError(
                sentence(
                    "reason is '{reason}', expected one of {known}", reason=str(reason)[:40], known=", ".join(REASONS)
                )
            )
        return (*moved, Verdict(DecisionKind.REJECTED, reason=reason))
    if state in (FaceState.CONFIRMED, FaceState.RELABELLED):
        if label is None:
            raise _BadRowError(sentence("state is '{state}' and there is no label", state=state))
        return (Verdict(DecisionKind(state), label),)
    return moved
