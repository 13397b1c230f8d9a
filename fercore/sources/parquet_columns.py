"""Meanings of a Parquet file's columns, and whether they can be read as faces."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fercore.emotions import EMOTIONS, find, is_other_class, known_words
from fercore.errors import UnknownEmotionError, UnreadableSourceError
from fercore.faces.attributes import kinds
from fercore.language.sentences import sentence
from fercore.sources.parquet_files import opened
from fercore.sources.parquet_rows import OWN_COLUMNS

if TYPE_CHECKING:
    import pyarrow as pa

MAX_ROW_GROUP: Final = 4 * 2**30  # bytes, unpacked
# By these columns a file is known as an export of fercore, whoever wrote it again since.
_OWN: Final = frozenset({"dataset", "identity", "pixel_hash", "source_word", "source_emotion", "state"})
_NEEDED: Final = "expected a column 'image' with the pictures' bytes and a column 'label'"


@dataclass(frozen=True, slots=True)
class ParquetForm:
    """Meanings of a file's columns: which to read, the words of its labels by number (None: it holds words)."""

    columns: list[str]
    words: Sequence[str] | None
    is_own: bool


def form_of(file: Path) -> ParquetForm:
    """The way to read a file; raises `UnreadableSourceError` or `UnknownEmotionError` where it holds no faces."""
    with opened(file) as reader:
        schema = reader.schema_arrow
        groups = [reader.metadata.row_group(i).total_byte_size for i in range(reader.metadata.num_row_groups)]
    if max(groups, default=0) > MAX_ROW_GROUP:
        raise UnreadableSourceError(
            sentence(
                "'{name}' has a row group of over {limit} GB. Write it again with smaller ones.",
                name=file.name,
                limit=MAX_ROW_GROUP // 2**30,
            )
        )
    names = set(schema.names)
    for name in schema.names:
        if schema.names.count(name) > 1 and name in ("image", "label", *OWN_COLUMNS):
            raise UnreadableSourceError(
                sentence(
                    "'{name}' has {count} columns '{column}'. Rename one.",
                    name=file.name,
                    count=schema.names.count(name),
                    column=name,
                )
            )
    if not {"image", "label"} <= names:
        shown = ", ".join(schema.names[:12]) or "none"
        raise UnreadableSourceError(
            sentence("'{name}' has the columns {shown}; {needed}.", name=file.name, shown=shown, needed=_NEEDED)
        )
    _check_image(file, schema)
    if names >= _OWN:
        _check_own(file, schema)
        return ParquetForm([name for name in ("image", "label", *OWN_COLUMNS) if name in names], EMOTIONS, True)
    columns = ["image", "label", *(["split"] if "split" in names and _is_text(schema.field("split").type) else [])]
    return ParquetForm(columns, _words(file, schema), False)


def _check_image(file: Path, schema: "pa.Schema") -> None:
    from pyarrow import types

    kind = schema.field("image").type
    if types.is_struct(kind):
        kind = next((field.type for field in kind if field.name == "bytes"), kind)
    kind = _value_type(kind)
    if not (types.is_binary(kind) or types.is_large_binary(kind) or types.is_binary_view(kind)):
        raise UnreadableSourceError(
            sentence(
                "'{name}': the column 'image' is of type {kind}; {needed}.",
                name=file.name,
                kind=schema.field("image").type,
                needed=_NEEDED,
            )
        )


def _check_own(file: Path, schema: "pa.Schema") -> None:
    for name, fits in _TYPES.items():
        if name in schema.names and not fits(schema.field(name).type):
            raise UnreadableSourceError(
                sentence(
                    "'{name}': the column '{column}' is of type {kind}, which `export` does not write. "
                    "Export it again.",
                    name=file.name,
                    column=name,
                    kind=schema.field(name).type,
                )
            )


def _words(file: Path, schema: "pa.Schema") -> Sequence[str] | None:
    """The class names of a foreign file's labels, each a known word; None where labels are words themselves."""
    from pyarrow import types

    kind = _value_type(schema.field("label").type)
    if _is_text(kind):
        return None
    names = _class_names(schema.metadata or {}) if types.is_integer(kind) else None
    if not names:
        raise UnreadableSourceError(
            sentence(
                "'{name}': the column 'label' is of type {kind} and no names go with it; "
                "expected words, or a ClassLabel as Hugging Face `datasets` writes it.",
                name=file.name,
                kind=kind,
            )
        )
    for name in names:
        if find(name) is None and not is_other_class(name):
            raise UnknownEmotionError(name, known_words(), file.name)
    return names


def _class_names(metadata: Mapping[bytes, bytes]) -> list[str] | None:
    """The names of the feature `label` in what `datasets` writes into the schema."""
    try:
        names = json.loads(metadata[b"huggingface"])["info"]["features"]["label"]["names"]
    except (KeyError, TypeError, ValueError, RecursionError):
        return None
    good = isinstance(names, list) and len(names) <= 1000 and all(isinstance(name, str) for name in names)
    return names if good else None


def _value_type(kind: "pa.DataType") -> "pa.DataType":
    """The type of a column's values as they are read: a dictionary (a category of pandas) gives those that it holds."""
    from pyarrow import types

    return kind.value_type if types.is_dictionary(kind) else kind


def _is_text(kind: "pa.DataType") -> bool:
    from pyarrow import types

    kind = _value_type(kind)
    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def _is_whole(kind: "pa.DataType") -> bool:
    from pyarrow import types

    return bool(types.is_integer(_value_type(kind)))


def _is_number(kind: "pa.DataType") -> bool:
    from pyarrow import types

    kind = _value_type(kind)
    return bool(types.is_floating(kind) or types.is_integer(kind))


def _is_truth(kind: "pa.DataType") -> bool:
    from pyarrow import types

    return bool(types.is_boolean(kind))


def _is_list(kind: "pa.DataType") -> bool:
    from pyarrow import types

    return bool(types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind))


_CHECKS: Final = {int: _is_whole, float: _is_number, bool: _is_truth, str: _is_text}
_TYPES: Final = {
    **dict.fromkeys(("label", "source_emotion"), _is_whole),
    **dict.fromkeys(("split", "dataset", "identity", "source_word", "state", "reason", "photo"), _is_text),
    **{name: _is_list if several else _CHECKS[kind] for name, (kind, several) in kinds().items()},
}
