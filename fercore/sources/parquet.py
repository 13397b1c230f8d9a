"""Parquet with pictures in it: what `export` writes, and Hugging Face image datasets with `image` and `label`.

One `.parquet` file, or a folder or zip of them. A picture must lie in the file itself; a path in it is never followed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from fercore.errors import Fault
from fercore.sources.leftovers import leftovers
from fercore.sources.parquet_columns import form_of
from fercore.sources.parquet_files import BATCH, files, opened, row_count, rows
from fercore.sources.parquet_rows import ForeignRows, OwnRows, Rows
from fercore.sources.record import AS_IT_IS, FaceRecord, Item, Notice, OnProgress, Options, left_out
from fercore.sources.splits import by_person, check_persons, find_split, given_split
from fercore.splits import Split, SplitChoice


def read(path: Path, options: Options = AS_IT_IS, on_progress: OnProgress | None = None) -> Iterator[Item]:
    """Every row in its order; faults name the file and the row, counted from 1.

    Raises, before anything is yielded, `UnreadableSourceError` for another form, and `UnknownEmotionError` for a
    class whose name is no known word. A split in `options.split` is for every row; otherwise the row, its file's
    name or its folder's tells it.
    """
    title = path.resolve().name
    with files(path) as (paths, others, links):
        yield from leftovers(title, others, links)
        for item in _items(paths, path, options, on_progress):
            yield replace(item, split=_split_for(item, options)) if isinstance(item, FaceRecord) else item


def _split_for(record: FaceRecord, options: Options) -> Split:
    """The split that a face is to have; one of no known person is its own person, and its copies are, too."""
    if options.split == SplitChoice.SUBJECT:
        return by_person(record.about.subject or record.pixel_hash, options.seed)
    return options.split_or(record.split)


def _items(
    paths: Sequence[Path], path: Path, options: Options, on_progress: OnProgress | None
) -> Iterator[FaceRecord | Fault | Notice]:
    """Every row with the split that its file tells, on which a foreign face's identity stands."""
    forms = {file: form_of(file) for file in paths}
    if not _names_persons([file for file in paths if forms[file].is_own and "subject" in forms[file].columns]):
        check_persons(options, path.resolve().name)
    total = sum(row_count(file) for file in paths)
    own = OwnRows(_prefixed([file for file in paths if forms[file].is_own]))
    foreign = ForeignRows()
    done = 0
    for file in paths:
        form = forms[file]
        maker: Rows = own if form.is_own else foreign
        split = _split_of(file) or given_split(path) or Split.TRAIN
        for number, row in enumerate(rows(file, form.columns), start=1):
            made = maker.record(row, form.words, split, f"{file.name}, row {number}")
            yield from () if made is None else (made,)
            done += 1
            if on_progress and done % BATCH == 0:
                on_progress(done, total)
    for word, count in foreign.others.items():
        yield left_out(path.resolve().name, word, count)
    if on_progress:
        on_progress(total, total)


def _prefixed(paths: Sequence[Path]) -> bool:
    """True if faces come from several datasets, whose identities must be told apart."""
    names: set[str | None] = set()
    for some in _values(paths, "dataset"):
        names |= some
        if len(names) > 1:
            return True
    return False


def _names_persons(paths: Sequence[Path]) -> bool:
    return any(some - {None, ""} for some in _values(paths, "subject"))


def _values(paths: Sequence[Path], column: str) -> Iterator[set[str | None]]:
    """The values of a column of texts, each text once for some thousand rows."""
    for file in paths:
        with opened(file) as reader:
            for batch in reader.iter_batches(65536, columns=[column], use_threads=False):
                yield set(batch.column(0).unique().to_pylist())


def _split_of(file: Path) -> Split | None:
    """The split that a file's name (`train-00000-of-00003.parquet`) or its folder's tells."""
    return find_split(re.split(r"[-_.]", file.name)[0]) or find_split(file.parent.name)
