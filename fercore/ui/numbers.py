"""How many there are of something, in words."""

from fercore.language import trn


def faces(number: int) -> str:
    """So many faces."""
    return trn("{count} face", "{count} faces", number)


def photos(number: int) -> str:
    """So many photos."""
    return trn("{count} photo", "{count} photos", number)


def decisions(number: int) -> str:
    """So many decisions."""
    return trn("{count} decision", "{count} decisions", number)


def evaluations(number: int) -> str:
    """So many evaluations."""
    return trn("{count} evaluation", "{count} evaluations", number)


def predictions(number: int) -> str:
    """So many stored predictions."""
    return trn("{count} stored prediction", "{count} stored predictions", number)


def listed(*parts: str) -> str:
    """The parts as one line."""
    return ", ".join(parts)
