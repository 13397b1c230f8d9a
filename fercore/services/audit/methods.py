"""Methods that doubt labels."""

from enum import StrEnum


class Method(StrEnum):
    """The source of the suspicion; printed as these words."""

    FEATURES = "features"
    RUN = "run"
    DYNAMICS = "dynamics"
