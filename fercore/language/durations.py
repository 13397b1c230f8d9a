"""Durations as the language in use writes them."""

from fercore.language import current

_DAY = 86_400  # seconds


def duration(seconds: float) -> str:
    """Hours, minutes and seconds, with the days before them: "3:20:33", "1 day 3:20:33", "1일 3:20:33"."""
    days, rest = divmod(round(seconds), _DAY)
    clock = f"{rest // 3600}:{rest // 60 % 60:02}:{rest % 60:02}"
    if not days:
        return clock
    from babel.units import format_unit

    return f"{format_unit(days, 'duration-day', locale=current())} {clock}"
