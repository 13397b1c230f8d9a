"""Lists of words in the user's language."""

from collections.abc import Sequence

from fercore.language import current


def either(words: Sequence[str]) -> str:
    """The words as alternatives: "A, B or C"."""
    from babel.lists import format_list

    return format_list(list(words), style="or", locale=current())
