"""Counts of things, in words."""

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


def rows(number: int) -> str:
    """So many rows."""
    return trn("{count} row", "{count} rows", number)


def files(number: int) -> str:
    """So many files."""
    return trn("{count} file", "{count} files", number)


def labels(number: int) -> str:
    """So many labels."""
    return trn("{count} label", "{count} labels", number)


def runs(number: int) -> str:
    """So many runs."""
    return trn("{count} run", "{count} runs", number)


def crops(number: int) -> str:
    """So many crops that were redrawn by hand."""
    return trn("{count} redrawn crop", "{count} redrawn crops", number)


def remarked(number: int) -> str:
    """So many faces with a flag or a note."""
    return trn("{count} face with a flag or a note", "{count} faces with a flag or a note", number)


def surroundings(number: int) -> str:
    """The surroundings of so many faces."""
    return trn("surroundings of {count} face", "surroundings of {count} faces", number)


def copies(number: int) -> str:
    """So many copies of photos."""
    return trn("{count} copy of a photo", "{count} copies of photos", number)


def listed(*parts: str) -> str:
    """The parts as one line."""
    return ", ".join(parts)
