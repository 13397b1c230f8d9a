"""FER2013 as Kaggle gives it: the CSV (plain, gzipped, in a zip) or its form as folders of pictures."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from fercore.faces.contents import is_archive
from fercore.sources import folder
from fercore.sources.leftovers import leftovers
from fercore.sources.lines import opened, tables_in
from fercore.sources.record import AS_IT_IS, Item, OnProgress, Options
from fercore.sources.rows import FER2013
from fercore.sources.splits import check_persons, given_split
from fercore.sources.tables import TableForm, read_table
from fercore.splits import named_split

_EXAMPLE: Final = "fer2013.csv"


def read(path: Path, options: Options = AS_IT_IS, on_progress: OnProgress | None = None) -> Iterator[Item]:
    """Every row or picture of FER2013 in its order; faults name the line or the file.

    Raises `UnreadableSourceError` where the file has another form or is to be split by person, and
    `UnknownEmotionError` for a folder whose name is no emotion. A split in `options.split` is for every
    row, and for pictures in no split folder.
    """
    if (path.is_dir() or is_archive(path)) and not tables_in(path):
        yield from folder.read(path, options, on_progress)
        return
    check_persons(options, path.name)
    split = named_split(options.split)
    with opened(path) as lines:
        yield from leftovers(path.name, lines.others, lines.links)
        fallback = split or given_split(path) or given_split(Path(lines.name))
        yield from read_table(lines, TableForm(FER2013, _EXAMPLE, split, fallback), on_progress)
