"""Moments in this machine's time zone, written as the language in use writes them."""

from datetime import datetime
from typing import Final

from fercore.language import current

_DAY, _MINUTE = "yMMMd", "Hm"  # what shall be in them; CLDR knows the order and the words
_COLUMN: Final = {"en": "MMM D, YYYY, HH:mm", "ko": "YYYY년 M월 D일 HH:mm"}


def moment(when: datetime) -> str:
    """Day and minute in words: "Nov 28, 2026, 14:03", "2026년 11월 28일 14:03"."""
    from babel import Locale
    from babel.dates import format_skeleton

    locale, here = Locale.parse(current()), when.astimezone()
    day, minute = (format_skeleton(what, here, locale=locale) for what in (_DAY, _MINUTE))
    return str(locale.datetime_formats["medium"].format(minute, day))


def column_format() -> str:
    """The same for a table's column, in Moment.js' letters; there the moments are still sorted as such."""
    return _COLUMN[current()]
