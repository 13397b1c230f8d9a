"""Rules of a team: the most that a check of an audit may find before a snapshot is frozen or a run is started."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fercore.curation.checks import Check


@dataclass(frozen=True, slots=True)
class Rule:
    """The most that a check may find: a share from 0 to 1, a number, or both."""

    check: Check
    max_share: float | None = None
    max_count: int | None = None


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that is exceeded: `count` of a `population` were found. Where the check was not made, both are None."""

    rule: Rule
    count: int | None
    population: int | None

    @property
    def share(self) -> float | None:
        """The share that was found; None where there was nothing to look at."""
        return self.count / self.population if self.count is not None and self.population else None


def breaches(rules: Sequence[Rule], counted: Mapping[Check, tuple[int, int]]) -> list[Breach]:
    """The rules that the (count, population) of each check exceeds; one on a check that was not made is broken, too."""
    broken = []
    for rule in rules:
        count, population = counted.get(rule.check, (None, None))
        breach = Breach(rule, count, population)
        too_many = count is not None and rule.max_count is not None and count > rule.max_count
        too_large = breach.share is not None and rule.max_share is not None and breach.share > rule.max_share
        if count is None or too_many or too_large:
            broken.append(breach)
    return broken
