"""Choices among words that are defined elsewhere."""

from enum import StrEnum
from typing import TypeVar

import click

W = TypeVar("W", bound=StrEnum)


class WordChoice(click.Choice[W]):
    """A choice among the words of a StrEnum: click itself would take and print the members' names.

    Of defaults it prints the names all the same: an option is given the word as its default.
    """

    def normalize_choice(self, choice: object, ctx: click.Context | None) -> str:
        """The word itself."""
        return str(choice)
