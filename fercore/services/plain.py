"""Rows of the store as frozen dataclasses: all that pages and commands see of them."""

from dataclasses import fields
from typing import TYPE_CHECKING, TypeVar

from fercore.store.tables import Base

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")


def plain(kind: type[T], row: Base) -> T:
    """A row's columns in the fields of the same names."""
    return kind(**{field.name: getattr(row, field.name) for field in fields(kind)})
