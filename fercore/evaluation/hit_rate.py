"""Hit rate of an audit's findings: the share that is right, by the people who decided on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fercore.evaluation.significance import wilson

LEAST: Final = 20  # decisions; fewer give no figure


@dataclass(frozen=True, slots=True)
class HitRate:
    """Decided findings: `right`, `wrong`, and those of which nobody is sure, which count in no share."""

    right: int = 0
    wrong: int = 0
    unsure: int = 0

    @property
    def decided(self) -> int:
        """The findings that people were sure of."""
        return self.right + self.wrong

    @property
    def share(self) -> float | None:
        """The share of right findings among the decided; None below 20 of them."""
        return self.right / self.decided if self.decided >= LEAST else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The share's 95 % interval (Wilson 1927); None below 20 decided findings."""
        return wilson(self.right, self.decided) if self.decided >= LEAST else None


def rate(answers: Sequence[bool | None]) -> HitRate:
    """The rate of answers: right, wrong, or None where nobody is sure."""
    right = sum(answer is True for answer in answers)
    wrong = sum(answer is False for answer in answers)
    return HitRate(right, wrong, len(answers) - right - wrong)
