"""Which face a task of Label Studio is about: the one matcher for all the names under which it may know a picture.

An upload gets eight hexadecimal digits and a dash before its name, and loses blanks and signs; local files come as
`?d=…`, cloud files as URLs, percent-encoded; the folders above a name may be there, or not.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from fercore.errors import UnreadableImageError
from fercore.exports.face import folder_of
from fercore.faces.decoding import decode
from fercore.faces.files import read_file
from fercore.faces.pixels import centre_square, pixel_hash, shrink
from fercore.language import tr
from fercore.store.review.decision_transfer import NamedFace

_UPLOAD: Final = re.compile(r"[0-9a-f]{8}-(?=.)")
_LOCAL: Final = re.compile(r"(?:^|/)data/local-files/?\?(?:.*&)?d=([^&]*)")
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
# What follows a picture's own path in the identity of a face.
_MARKS: Final = re.compile(r"#[0-9a-f]{64}$|#[0-9a-f]{16}#[-\d,]+$")
_MOST_CANDIDATES: Final = 5

Places = Callable[[str], Iterator[Path]]


def nowhere(name: str) -> Iterator[Path]:
    """No file of any task can be reached."""
    return iter(())


@dataclass(frozen=True)
class Under:
    """Places of a task's file: below one of these folders, as Label Studio or its storage keeps it."""

    roots: Sequence[Path]

    def __call__(self, name: str) -> Iterator[Path]:
        """Places at which a path of a task is looked for."""
        for path in _paths(name):
            parts = [part for part in path.split("/") if part not in ("", ".", "..")]
            for root in self.roots:
                yield from (root.joinpath(*parts[start:]) for start in range(len(parts)))


@dataclass(frozen=True, slots=True)
class _FaceNames:
    face: NamedFace
    parts: tuple[str, ...]


@dataclass
class Matcher:
    """Finds faces by the names of tasks; `places` says where a task's file may be, to tell faces apart by content."""

    faces: Sequence[NamedFace]
    places: Places = nowhere
    _by_identity: dict[str, NamedFace] = field(default_factory=dict)
    _by_base: dict[str, list[_FaceNames]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for face in self.faces:
            self._by_identity[face.identity] = face
            for path in dict.fromkeys(_names_of(face)):
                parts = tuple(part for part in unicodedata.normalize("NFC", path).split("/") if part)
                for base in {parts[-1], _as_uploaded(parts[-1])} if parts else ():
                    self._by_base.setdefault(base, []).append(_FaceNames(face, parts))

    def find(self, identity: str | None, names: Sequence[str]) -> NamedFace:
        """The one face that a task names; raises ValueError where there is none, or several that could be meant."""
        if identity is not None and identity in self._by_identity:
            return self._by_identity[identity]
        candidates = self._candidates(names)
        if len(candidates) > 1:
            candidates = self._by_content(names, candidates) or candidates
        if len(candidates) == 1:
            return candidates[0]
        shown = ", ".join(_shortened(name) for name in names) or "–"
        if not candidates:
            raise ValueError(tr("its data name no face of this dataset: {data}", data=shown))
        named = ", ".join(f"'{_bare(face.identity)}'" for face in candidates[:_MOST_CANDIDATES])
        more = f" (+ {len(candidates) - _MOST_CANDIDATES:,})" if len(candidates) > _MOST_CANDIDATES else ""
        raise ValueError(tr("its data could name several faces: {data}: {faces}", data=shown, faces=named + more))

    def _candidates(self, names: Sequence[str]) -> list[NamedFace]:
        """The faces whose paths end as a name does, in as many parts as any does."""
        best, candidates = 0, dict[int, NamedFace]()
        for path in (path for name in names for path in _paths(name)):
            parts = tuple(part for part in path.split("/") if part)
            for base in dict.fromkeys((parts[-1], _UPLOAD.sub("", parts[-1], count=1))) if parts else ():
                for known in self._by_base.get(base, ()):
                    depth = _common(known.parts[:-1], parts[:-1])
                    if depth >= best:
                        candidates = candidates if depth == best else {}
                        best = depth
                        candidates[known.face.face_id] = known.face
        return list(candidates.values())

    def _by_content(self, names: Sequence[str], faces: Sequence[NamedFace]) -> list[NamedFace]:
        """Those faces whose picture is the task's file, where that can be reached."""
        for place in (place for name in names for place in self.places(name)):
            if place.is_file():
                try:
                    photo = decode(read_file(place))
                except UnreadableImageError:
                    continue
                pixels = pixel_hash(shrink(centre_square(photo.gray)))
                return [face for face in faces if photo.sha256 in face.hashes or pixels == face.pixel_hash]
        return []


def _names_of(face: NamedFace) -> Iterator[str]:
    """The paths under which other programs may know a face: its own file's, its photo's, and that of an export."""
    yield _bare(face.identity)
    if face.photo:
        yield face.photo
    yield f"{face.split}/{folder_of(face.emotion)}/{face.face_id:06}.png"


def _bare(identity: str) -> str:
    return _MARKS.sub("", identity)


def _paths(name: str) -> Iterator[str]:
    """The paths that a text of a task may mean, as it stands and decoded."""
    local = _LOCAL.search(name)
    texts = [local[1]] if local else [name]
    if not local:
        text = _SCHEME.sub("", name)
        texts = [text, text.partition("?")[0], text.partition("?")[0].partition("#")[0]]
    if len(name) > 4096:  # a picture as data, and no name
        return
    paths: set[str] = set()
    for text in texts:
        for path in (text, unquote(text)):
            path = unicodedata.normalize("NFC", path).replace("\\", "/")
            if path and path not in paths:
                paths.add(path)
                yield path


def _as_uploaded(base: str) -> str:
    """A file's name as Label Studio keeps it: without blanks at its ends, others as `_`, without special signs."""
    return re.sub(r"(?u)[^-\w.]", "", base.strip().replace(" ", "_"))


def _common(path: Sequence[str], other: Sequence[str]) -> int:
    """The number of parts that two paths share at their ends."""
    count = 0
    for mine, theirs in zip(reversed(path), reversed(other), strict=False):
        if mine != theirs and mine != _UPLOAD.sub("", theirs, count=1):
            break
        count += 1
    return count


def _shortened(name: str) -> str:
    return name if len(name) <= 120 else f"{name[:120]}…"
