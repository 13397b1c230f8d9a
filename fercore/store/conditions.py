"""A condition on many numbers: one parameter, however many there are, where databases limit how many they take."""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, String, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class _Listed(FunctionElement[int]):
    """The numbers of a JSON list, a row each."""

    inherit_cache = True
    name = "listed"


@compiles(_Listed, "sqlite")
def _sqlite(element: _Listed, compiler: SQLCompiler, **options: Any) -> str:
    return f"(SELECT value FROM json_each({compiler.process(element.clauses, **options)}))"


@compiles(_Listed, "postgresql")
def _postgresql(element: _Listed, compiler: SQLCompiler, **options: Any) -> str:
    numbers = compiler.process(element.clauses, **options)
    return f"(SELECT CAST(one AS integer) FROM json_array_elements_text(CAST({numbers} AS json)) AS one)"


def among(column: InstrumentedAttribute[int], numbers: Iterable[int]) -> ColumnElement[bool]:
    """True of rows whose number is one of these."""
    listed = literal(json.dumps(list(numbers), separators=(",", ":")), String())
    condition: ColumnElement[bool] = column.bool_op("IN")(_Listed(listed))
    return condition
