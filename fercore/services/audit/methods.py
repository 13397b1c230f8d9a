"""Methods that doubt labels."""

from enum import StrEnum
from typing import Final

EPOCHS: Final = 10  # of a network for each fold


class Method(StrEnum):
    """The source of the suspicion; printed as these words."""

    FEATURES = "features"
    CROSSVAL = "crossval"
    RUN = "run"
    DYNAMICS = "dynamics"

    @property
    def asks_a_run(self) -> bool:
        """True of the methods that need a run."""
        return self in (Method.RUN, Method.DYNAMICS)
