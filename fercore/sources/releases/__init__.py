"""Releases of known datasets: the faces and labels that a file must have to be what it claims to be."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Any, Final, NamedTuple

from fercore.emotions import EMOTIONS
from fercore.splits import SPLITS, Split

PREFIX: Final = 6  # bytes of a SHA-256 that a release keeps of each picture: enough among some ten thousand
SHIPPED: Final = ("FER2013",)


class ReleasedFace(NamedTuple):
    """A face by the SHA-256 in hex of its grays, with its split and the source's label (None: it has none)."""

    pixels: str
    split: str
    label: int | None


@dataclass(frozen=True)
class ReleasedSplit:
    """A split of a release: its faces by emotion, and the digest of its faces and labels (None: not verified)."""

    faces: int
    emotions: Mapping[str, int]
    digest: str | None

    def as_json(self) -> dict[str, Any]:
        """The split as it is kept."""
        return {"faces": self.faces, "emotions": dict(self.emotions), "digest": self.digest}


@dataclass(frozen=True)
class Release:
    """A release by splits, and the pictures that are known of it: the first six bytes of each SHA-256, by split."""

    name: str
    splits: Mapping[str, ReleasedSplit]
    pictures: Mapping[str, frozenset[bytes]]


@dataclass(frozen=True)
class SplitCheck:
    """A split beside that of a release: faces here and there, those `unknown` to the release (None: the split is not
    known picture by picture), those that are of its `other` splits, released ones that are `lacking` here, emotions
    whose counts differ as (here, there), and whether it is the released one, face by face and label by label (None: not
    verified).
    """

    split: str
    faces: int
    released: int
    unknown: int | None
    other: int
    lacking: int
    emotions: Mapping[str, tuple[int, int]]
    is_released: bool | None


@dataclass(frozen=True)
class ReleaseCheck:
    """A dataset beside a release; `repeated` counts held-out faces that training has, too, of which the release itself
    has `repeated_there`; of the `absent` splits no face is here.
    """

    name: str
    splits: tuple[SplitCheck, ...]
    repeated: int
    repeated_there: int
    absent: tuple[str, ...] = ()

    @property
    def is_released(self) -> bool:
        """True where every split with faces is the released one, as far as that is known."""
        return all(check.is_released is not False for check in self.splits)

    @property
    def is_part(self) -> bool:
        """True where faces are lacking, and no other fault is known."""
        return not self.is_released and all(
            check.is_released is not False or (check.unknown == 0 and check.faces < check.released)
            for check in self.splits
        )


def recorded(name: str, faces: Sequence[ReleasedFace]) -> Release:
    """The release that these faces are."""
    splits = {str(split): _split([face for face in faces if face.split == split]) for split in SPLITS}
    pictures = {str(split): frozenset(_prefix(face) for face in faces if face.split == split) for split in SPLITS}
    return Release(name, splits, pictures)


def check(release: Release, faces: Sequence[ReleasedFace]) -> ReleaseCheck:
    """Faces beside a release; splits without faces here are left out."""
    checks = []
    for split in SPLITS:
        here = [face for face in faces if face.split == split]
        if here:
            checks.append(_check(str(split), here, release))
    absent = [
        str(split) for split in SPLITS if release.splits[split].faces and split not in [each.split for each in checks]
    ]
    if [each.split for each in checks if each.split != Split.TRAIN] == [Split.TEST]:
        both = _check_both(checks[-1], faces, release)
        if both is not checks[-1]:
            checks[-1], absent = both, [split for split in absent if split != Split.VALIDATION]
    training = {face.pixels for face in faces if face.split == Split.TRAIN}
    repeated = sum(face.pixels in training for face in faces if face.split != Split.TRAIN)
    known = release.pictures[Split.TRAIN]
    there = sum(
        _prefix(face) in known for face in faces if face.split != Split.TRAIN and _prefix(face) in _held_out(release)
    )
    return ReleaseCheck(release.name, tuple(checks), repeated, there, tuple(absent))


def _held_out(release: Release) -> frozenset[bytes]:
    return release.pictures[Split.VALIDATION] | release.pictures[Split.TEST]


def _check(split: str, here: Sequence[ReleasedFace], release: Release) -> SplitCheck:
    released = release.splits[split]
    mine = _split(here)
    known = release.pictures[split]
    pictures = [_prefix(face) for face in here]
    elsewhere = frozenset().union(*(release.pictures[name] for name in release.pictures if name != split)) - known
    other = sum(each in elsewhere for each in pictures)
    unknown = sum(each not in known for each in pictures) - other if known else None
    emotions = {
        name: (mine.emotions[name], released.emotions[name])
        for name in EMOTIONS
        if released.emotions and mine.emotions[name] != released.emotions[name]
    }
    if released.digest is not None:
        is_released: bool | None = mine.digest == released.digest
    else:
        is_released = None if mine.faces == released.faces else False
    lacking = len(known - set(pictures))
    return SplitCheck(split, mine.faces, released.faces, unknown, other, lacking, emotions, is_released)


def _check_both(found: SplitCheck, faces: Sequence[ReleasedFace], release: Release) -> SplitCheck:
    """A test split that holds the release's validation faces, too, as folders of pictures do; else as it was found."""
    validation, test = (release.splits[split] for split in (Split.VALIDATION, Split.TEST))
    if found.faces != validation.faces + test.faces or test.digest is not None:
        return found
    known = release.pictures[Split.VALIDATION]
    others = sum(_prefix(face) not in known for face in faces if face.split == Split.TEST)
    unknown = others - test.faces
    return replace(
        found, released=found.faces, unknown=max(unknown, 0), other=0, is_released=None if unknown <= 0 else False
    )


def _split(faces: Sequence[ReleasedFace]) -> ReleasedSplit:
    counted = Counter(face.label for face in faces)
    digest = hashlib.sha256()
    for line in sorted(f"{face.pixels} {face.label}\n" for face in faces):
        digest.update(line.encode())
    return ReleasedSplit(
        len(faces), {name: counted[number] for number, name in enumerate(EMOTIONS)}, digest.hexdigest()
    )


def _prefix(face: ReleasedFace) -> bytes:
    return bytes.fromhex(face.pixels[: 2 * PREFIX])


def packed(pictures: Mapping[str, frozenset[bytes]]) -> bytes:
    """Pictures as they are kept: for each split their number in four bytes, then the pictures."""
    return b"".join(len(pictures[split]).to_bytes(4, "little") + b"".join(sorted(pictures[split])) for split in SPLITS)


def unpacked(given: bytes) -> dict[str, frozenset[bytes]]:
    """The pictures that `packed` wrote."""
    pictures, at = {}, 0
    for split in SPLITS:
        count = int.from_bytes(given[at : at + 4], "little")
        at += 4
        pictures[str(split)] = frozenset(given[at + i * PREFIX : at + (i + 1) * PREFIX] for i in range(count))
        at += count * PREFIX
    return pictures


def of_parts(name: str, splits: Mapping[str, Mapping[str, Any]], pictures: bytes) -> Release:
    """A release from the parts that are kept."""
    return Release(name, {split: ReleasedSplit(**parts) for split, parts in splits.items()}, unpacked(pictures))


def shipped(name: str) -> Release:
    """A release that fercore knows."""
    folder = files(__package__)
    splits = json.loads(folder.joinpath(f"{name.lower()}.json").read_text("utf-8"))
    return of_parts(name, splits, folder.joinpath(f"{name.lower()}.bin").read_bytes())


def claimed(names: Iterable[str]) -> str | None:
    """The shipped release that a source or a dataset claims to be by one of its names; None where it claims none."""
    plain = ["".join(char for char in name.casefold() if char.isalnum()) for name in names]
    return next((known for known in SHIPPED if any(known.casefold() in name for name in plain)), None)
