"""Parquet with pictures in it: what `export` writes, and Hugging Face image datasets with `image` and `label`.

One `.parquet` file, or a folder or zip of them. A picture must lie in the file itself; a path in it is never followed.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from fercore.errors import Fault
from fercore.sources.parquet_columns import form_of
from fercore.sources.parquet_files import BATCH, files, opened, row_count, rows
from fercore.sources.parquet_rows import ForeignRows, OwnRows, Rows
from fercore.sources.record import AS_IT_IS, FaceRecord, OnProgress, Options, Split
from fercore.sources.splits import find_split


def read(
    path: Path, options: Options = AS_IT_IS, on_progress: OnProgress | None = None
) -> Iterator[FaceRecord | Fault]:
    """Every row in its order; faults name the file and the row, counted from 1.

    Raises, before anything is yielded, `UnreadableSourceError` for another form, and `UnknownEmotionError` for a
    class whose name is no known word. `options.split` is for files whose rows and name tell no split.
    """
    with files(path) as paths:
        yield from _records(paths, options, on_progress)


def _records(paths: Sequence[Path], options: Options, on_progress: OnProgress | None) -> Iterator[FaceRecord | Fault]:
    forms = {file: form_of(file) for file in paths}
    total = sum(row_count(file) for file in paths)
    own = OwnRows(_prefixed([file for file in paths if forms[file].is_own]))
    foreign = ForeignRows()
    done = 0
    for file in paths:
        form = forms[file]
        maker: Rows = own if form.is_own else foreign
        split = _split_of(file) or options.split_or("train")
        for number, row in enumerate(rows(file, form.columns), start=1):
            yield maker.record(row, form.words, split, f"{file.name}, row {number}")
            done += 1
            if on_progress and done % BATCH == 0:
                on_progress(done, total)
    if on_progress:
        on_progress(total, total)


def _prefixed(paths: Sequence[Path]) -> bool:
    """Whether faces come from several datasets, whose identities and subjects must be told apart."""
    names: set[str] = set()
    for file in paths:
        with opened(file) as reader:
            for batch in reader.iter_batches(65536, columns=["dataset"], use_threads=False):
                names.update(batch.column(0).unique().to_pylist())
                if len(names) > 1:
                    return True
    return False


def _split_of(file: Path) -> Split | None:
    """The split that a file's name (`train-00000-of-00003.parquet`) or its folder's tells."""
    return find_split(re.split(r"[-_.]", file.name)[0]) or find_split(file.parent.name)
