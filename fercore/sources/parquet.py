"""Parquet with pictures in it: what `export` writes, and Hugging Face image datasets with `image` and `label`.

One `.parquet` file or a folder of them. A picture must lie in the file itself; a path in it is never followed.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fercore.emotions import EMOTIONS, known_words
from fercore.errors import Fault, UnknownEmotionError, UnreadableSourceError
from fercore.sources.parquet_rows import OWN_COLUMNS, ForeignRows, OwnRows, Rows
from fercore.sources.record import AS_IT_IS, FaceRecord, OnProgress, Options, Split
from fercore.sources.splits import find_split

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

BATCH: Final = 200
MAX_ROW_GROUP: Final = 4 * 2**30  # bytes, unpacked
# By these columns a file is known as an export of fercore, whoever wrote it again since.
_OWN: Final = frozenset({"identity", "pixel_hash", "source_word", "source_emotion", "state"})
_NEEDED: Final = "expected a column 'image' with the pictures' bytes and a column 'label'"


@dataclass(frozen=True, slots=True)
class _Form:
    """What a file's columns mean: which to read, the words of its labels by number (None: it holds words)."""

    columns: list[str]
    words: Sequence[str] | None
    is_own: bool


def read(
    path: Path, options: Options = AS_IT_IS, on_progress: OnProgress | None = None
) -> Iterator[FaceRecord | Fault]:
    """Every row in its order; faults name the file and the row, counted from 1.

    Raises, before anything is yielded, `UnreadableSourceError` for another form, and `UnknownEmotionError` for a
    class whose name is no known word. `options.split` is for files whose rows and name tell no split.
    """
    paths = _paths(path)
    forms = {file: _form_of(file, options) for file in paths}
    total = sum(_rows_of(file) for file in paths)
    rows_of_own = OwnRows(_prefixed(paths) if all(form.is_own for form in forms.values()) else True)
    foreign = ForeignRows(options)
    done = 0
    for file in paths:
        form = forms[file]
        rows: Rows = rows_of_own if form.is_own else foreign
        split = _split_of(file) or options.split_or("train")
        for number, row in enumerate(_rows(file, form.columns), start=1):
            yield rows.record(row, form.words, split, f"{file.name}, row {number}")
            done += 1
            if on_progress and done % BATCH == 0:
                on_progress(done, total)
    if on_progress:
        on_progress(total, total)


def _paths(path: Path) -> list[Path]:
    if not path.exists():
        raise UnreadableSourceError(f"'{path}' does not exist.")
    if not path.is_dir():
        return [path]
    base = path.resolve()
    found = [file for file in sorted(base.rglob("*.parquet")) if file.is_file() and not file.name.startswith(".")]
    inside = [file for file in found if file.resolve().is_relative_to(base)]
    if not inside:
        raise UnreadableSourceError(f"'{path.name}' holds no .parquet file.")
    return inside


@contextmanager
def _opened(file: Path) -> "Iterator[ParquetFile]":
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

    try:
        with file.open("rb") as stream, ParquetFile(stream) as opened:
            yield opened
    except pa.ArrowException as error:
        why = str(error).splitlines()[0].rstrip(".")
        raise UnreadableSourceError(f"'{file.name}' is no Parquet file that can be read: {why}.") from error
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or error
        raise UnreadableSourceError(f"'{file.name}' cannot be read: {why}. Download or copy it again.") from error


def _rows_of(file: Path) -> int:
    with _opened(file) as opened:
        return int(opened.metadata.num_rows)


def _rows(file: Path, columns: list[str]) -> Iterator[dict[str, Any]]:
    with _opened(file) as opened:
        for batch in opened.iter_batches(BATCH, columns=columns, use_threads=False):
            yield from batch.to_pylist()


def _prefixed(paths: Sequence[Path]) -> bool:
    """Whether faces come from several datasets, whose identities and subjects must be told apart."""
    names: set[str] = set()
    for file in paths:
        with _opened(file) as opened:
            for batch in opened.iter_batches(65536, columns=["dataset"], use_threads=False):
                names.update(batch.column(0).unique().to_pylist())
                if len(names) > 1:
                    return True
    return False


def _form_of(file: Path, options: Options) -> _Form:
    with _opened(file) as opened:
        schema = opened.schema_arrow
        groups = [opened.metadata.row_group(i).total_byte_size for i in range(opened.metadata.num_row_groups)]
    if max(groups, default=0) > MAX_ROW_GROUP:
        raise UnreadableSourceError(
            f"'{file.name}' has a row group of over {MAX_ROW_GROUP // 2**30} GB. Write it again with smaller ones."
        )
    names = set(schema.names)
    if not {"image", "label"} <= names:
        shown = ", ".join(schema.names[:12]) or "none"
        raise UnreadableSourceError(f"'{file.name}' has the columns {shown}; {_NEEDED}.")
    _check_image(file, schema)
    if names >= _OWN:
        _check_own(file, schema)
        return _Form([name for name in ("image", "label", *OWN_COLUMNS) if name in names], EMOTIONS, True)
    columns = ["image", "label", *(["split"] if "split" in names and _is_text(schema.field("split").type) else [])]
    return _Form(columns, _words(file, schema, options), False)


def _check_image(file: Path, schema: "pa.Schema") -> None:
    from pyarrow import types

    kind = schema.field("image").type
    if types.is_struct(kind):
        kind = next((field.type for field in kind if field.name == "bytes"), kind)
    if not (types.is_binary(kind) or types.is_large_binary(kind)):
        raise UnreadableSourceError(
            f"'{file.name}': the column 'image' is of type {schema.field('image').type}; {_NEEDED}."
        )


def _check_own(file: Path, schema: "pa.Schema") -> None:
    for name, fits in _TYPES.items():
        if name in schema.names and not fits(schema.field(name).type):
            raise UnreadableSourceError(
                f"'{file.name}': the column '{name}' is of type {schema.field(name).type}, which `export` does not "
                "write. Export it again."
            )


def _words(file: Path, schema: "pa.Schema", options: Options) -> Sequence[str] | None:
    """The class names of a foreign file's labels, each a known word; None where labels are words themselves."""
    from pyarrow import types

    kind = schema.field("label").type
    if _is_text(kind):
        return None
    names = _class_names(schema.metadata or {}) if types.is_integer(kind) else None
    if not names:
        raise UnreadableSourceError(
            f"'{file.name}': the column 'label' is of type {kind} and no names go with it; expected words, or a "
            "ClassLabel as Hugging Face `datasets` writes it."
        )
    for name in names:
        if options.find_word(name) is None:
            raise UnknownEmotionError(name, known_words())
    return names


def _class_names(metadata: Mapping[bytes, bytes]) -> list[str] | None:
    """The names of the feature `label` in what `datasets` writes into the schema."""
    try:
        names = json.loads(metadata[b"huggingface"])["info"]["features"]["label"]["names"]
    except (KeyError, TypeError, ValueError, RecursionError):
        return None
    good = isinstance(names, list) and len(names) <= 1000 and all(isinstance(name, str) for name in names)
    return names if good else None


def _split_of(file: Path) -> Split | None:
    """The split that a file's name (`train-00000-of-00003.parquet`) or its folder's tells."""
    return find_split(re.split(r"[-_.]", file.name)[0]) or find_split(file.parent.name)


def _is_text(kind: "pa.DataType") -> bool:
    from pyarrow import types

    return bool(types.is_string(kind) or types.is_large_string(kind))


def _is_whole(kind: "pa.DataType") -> bool:
    from pyarrow import types

    return bool(types.is_integer(kind))


def _is_number(kind: "pa.DataType") -> bool:
    from pyarrow import types

    return bool(types.is_floating(kind) or types.is_integer(kind))


def _is_truth(kind: "pa.DataType") -> bool:
    from pyarrow import types

    return bool(types.is_boolean(kind))


def _is_list(kind: "pa.DataType") -> bool:
    from pyarrow import types

    return bool(types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind))


_TYPES: Final = {
    **dict.fromkeys(("label", "source_emotion", "age", "eyes"), _is_whole),
    **dict.fromkeys(("score", "inside"), _is_number),
    **dict.fromkeys(("professional", "doubtful"), _is_truth),
    **dict.fromkeys(("annotators", "box"), _is_list),
    **dict.fromkeys(("split", "dataset", "identity", "source_word", "state", "reason"), _is_text),
    **dict.fromkeys(("subject", "gender", "detector", "photo"), _is_text),
}
