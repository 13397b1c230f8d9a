"""Folders of pictures named after emotions, in any known vocabulary, from a folder or an archive.

`[anything/][train|validation|test/]EMOTION/picture`, in which the name of the folder or archive itself counts as
the first part. Each picture becomes 48x48 gray by area interpolation; of one that is not square the middle square
is taken, since squeezing would bend the expression and bars beside it would be learned.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from fercore.emotions import find, index_of, is_other_class, known_words
from fercore.errors import Fault, UnknownEmotionError, UnreadableImageError, UnreadableSourceError
from fercore.faces.attributes import NOBODY, PersonInfo
from fercore.faces.decoding import decode
from fercore.faces.files import Listed, files_in
from fercore.faces.names import given_name
from fercore.faces.photos import no_pictures, pictures
from fercore.faces.pixels import centre_square, pixel_hash, shrink
from fercore.language.sentences import sentence
from fercore.sources.leftovers import leftovers
from fercore.sources.record import AS_IT_IS, FaceRecord, Item, Notice, OnProgress, Options, left_out
from fercore.sources.splits import check_persons, find_split, given_split
from fercore.splits import Split


def read(path: Path, options: Options = AS_IT_IS, on_progress: OnProgress | None = None) -> Iterator[Item]:
    """Every picture in the order of its path; broken ones are faults, and what is left out is a notice.

    Raises, before anything is yielded, `UnknownEmotionError` for a folder whose name is no known word (a fault for
    each with `options.skip_unknown`), and `UnreadableSourceError` where no picture is there, one lies in no emotion
    folder, or they are to be split by person. A split in `options.split` is for pictures in no split folder.
    """
    root = given_name(path)
    check_persons(options, root)
    default = options.split_or(given_split(path) or Split.TRAIN)
    with files_in(path) as files:
        photos = pictures(files)
        names = {file.name for file in photos}
        others = [file.name for file in files if file.name not in names]
        if not photos:
            raise UnreadableSourceError(no_pictures(path.name, others, files.links))
        yield from leftovers(path.name, others, files.links)
        wanted, unwanted = sort_words(photos, root, path.name, options.skip_unknown)
        yield from unwanted
        for done, file in enumerate(wanted, start=1):
            yield face_of(file, _split_of(file.parts[:-2]) or default, word_of(file, root))
            if on_progress:
                on_progress(done, len(wanted))


def word_of(file: Listed, root: str) -> str:
    """The word for the emotion: the folder above a picture, or the name of what was handed over."""
    return file.parts[-2] if len(file.parts) > 1 else root


def sort_words(
    photos: Sequence[Listed], root: str, title: str, skip_unknown: bool = False
) -> tuple[list[Listed], list[Notice | Fault]]:
    """Pictures of the seven emotions, and what is to be told of others.

    Raises `UnreadableSourceError` where a picture lies in no emotion folder, `UnknownEmotionError` for its word.
    """
    words = {file.name: word_of(file, root) for file in photos}
    for file in photos:
        word = words[file.name]
        nowhere = len(file.parts) < 2 and find(word) is None and not is_other_class(word)
        if nowhere or (find_split(word) and find(word) is None):
            raise UnreadableSourceError(
                sentence(
                    "'{name}' in '{title}' lies in no emotion folder. Expected paths like "
                    "'angry/1.jpg' or 'train/angry/1.jpg'.",
                    name=file.name,
                    title=title,
                )
            )
    counts = Counter(words.values())
    notices: list[Notice | Fault] = [
        left_out(title, word, n) for word, n in sorted(counts.items()) if is_other_class(word)
    ]
    for file in photos:
        word = words[file.name]
        if counts.pop(word, 0) and find(word) is None and not is_other_class(word):
            if not skip_unknown:
                raise UnknownEmotionError(word, known_words(), f"{title}/{PurePosixPath(file.name).parent}")
            folder = str(PurePosixPath(file.name).parent)
            notices.append(
                Fault(folder, sentence("'{word}' is not a known emotion: its pictures are left out.", word=word))
            )
    wanted = [file for file in photos if find(words[file.name]) is not None]
    if not wanted and not any(isinstance(notice, Fault) for notice in notices):
        raise UnreadableSourceError(sentence("'{title}' contains no pictures of the seven emotions.", title=title))
    return wanted, notices


def face_of(file: Listed, split: Split, word: str, about: PersonInfo = NOBODY) -> FaceRecord | Fault:
    """A picture of an emotion as a face, or why it cannot be read."""
    try:
        photo = decode(file.read())
    except UnreadableImageError as error:
        return Fault(file.name, str(error))
    pixels = shrink(centre_square(photo.gray))
    return FaceRecord(
        identity=f"{file.name}#{photo.sha256}",
        split=split,
        emotion=index_of(word),
        word=word,
        pixels=pixels,
        pixel_hash=pixel_hash(pixels),
        where=file.name,
        about=about,
    )


def _split_of(parents: Sequence[str]) -> Split | None:
    """The split that the folder right above the emotion's names, if it names one."""
    return find_split(parents[-1]) if parents else None
