"""Association of two attributes of faces: a test of independence, its effect size, and its most unexpected cell."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.int64]
Counts = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]
UNKNOWN: Final = -1
SMALL: Final = 0.1  # Cramér's V of a small effect (Cohen 1988)
DRAWS: Final = 1999
_LEAST_EXPECTED: Final = 5.0  # faces in each cell, for the chi-squared distribution to hold (Cochran 1954)
_SHARE_OF_PEOPLE: Final = 0.5  # of the faces with a known person, for people to be drawn instead of faces


class PValueOrigin(StrEnum):
    """The origin of a p-value; printed as these words."""

    CHI_SQUARED = "chi-squared"
    FACES = "permuted faces"
    PEOPLE = "permuted people"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: its codes, its faces, and those that independence would give."""

    first: int
    second: int
    observed: int
    expected: float


@dataclass(frozen=True, slots=True)
class Association:
    """Two attributes on `faces` faces that both are known of: Cramér's V, corrected for bias, with its p-value."""

    faces: int
    v: float
    p_value: float
    test: PValueOrigin
    strongest: Cell


def associated(first: Codes, second: Codes, people: Codes, seed: int = 0) -> Association | None:
    """The association of (N,) codes from 0 with others; (N,) `people` are persons, `UNKNOWN` where none is named.

    None where an attribute has fewer than two values. Faces of one person are alike: where one of the attributes is
    the person's own, whole people are permuted.
    """
    known = (first >= 0) & (second >= 0)
    first, second, people = first[known], second[known], people[known]
    rows, row = np.unique(first, return_inverse=True)
    columns, column = np.unique(second, return_inverse=True)
    if len(rows) < 2 or len(columns) < 2:
        return None
    table = _table(row, column, len(rows), len(columns))
    p_value, test = _p_value(row, column, table, people, seed)
    expected = _expected(table)
    # Adjusted standardised residuals (Haberman 1973).
    share_of_rows, share_of_columns = table.sum(1) / table.sum(), table.sum(0) / table.sum()
    spread = np.sqrt(expected * np.outer(1 - share_of_rows, 1 - share_of_columns))
    at, across = np.unravel_index(np.abs((table - expected) / spread).argmax(), table.shape)
    cell = Cell(int(rows[at]), int(columns[across]), int(table[at, across]), float(expected[at, across]))
    return Association(len(row), cramers_v(table), p_value, test, cell)


def cramers_v(table: Counts) -> float:
    """Cramér's V of a table of counts without empty rows or columns, 0 to 1, corrected for bias (Bergsma 2013, Journal
    of the Korean Statistical Society 42, 323-328).
    """
    faces, (rows, columns) = int(table.sum()), table.shape
    phi = _statistic(table) / faces
    corrected = max(0.0, phi - (rows - 1) * (columns - 1) / (faces - 1))
    most = min(rows - (rows - 1) ** 2 / (faces - 1), columns - (columns - 1) ** 2 / (faces - 1)) - 1
    return float(min(1.0, (corrected / most) ** 0.5)) if most > 0 else 0.0


def _p_value(row: Codes, column: Codes, table: Counts, people: Codes, seed: int) -> tuple[float, PValueOrigin]:
    statistic = _statistic(table)
    random = np.random.default_rng(seed)
    if (people >= 0).mean() > _SHARE_OF_PEOPLE:
        alone = np.where(people >= 0, people, people.max() + 1 + np.arange(len(people)))
        _, first, number = np.unique(alone, return_index=True, return_inverse=True)
        for own, other in ((column, row), (row, column)):
            if (own[first][number] == own).all():
                drawn = _by_people(own[first], other, number, random)
                return _share_beyond(statistic, drawn), PValueOrigin.PEOPLE
    if _expected(table).min() < _LEAST_EXPECTED:
        from scipy.stats import random_table

        drawn_tables = random_table(table.sum(1), table.sum(0)).rvs(DRAWS, random_state=random)
        return _share_beyond(statistic, [_statistic(each) for each in drawn_tables]), PValueOrigin.FACES
    from scipy.special import chdtrc

    return float(chdtrc((table.shape[0] - 1) * (table.shape[1] - 1), statistic)), PValueOrigin.CHI_SQUARED


def _by_people(own: Codes, other: Codes, number: Codes, random: np.random.Generator) -> list[float]:
    """Statistics of tables in which each person has the attribute of another."""
    counts = _table(number, other, len(own), int(other.max()) + 1)
    has = own[:, None] == np.unique(own)
    return [_statistic(random.permutation(has).T.astype(np.int64) @ counts) for _ in range(DRAWS)]


def _share_beyond(statistic: float, drawn: list[float]) -> float:
    """The p-value of a statistic among drawn ones (Phipson and Smyth 2010)."""
    beyond = np.asarray(drawn) >= statistic * (1 - 1e-9)
    return float((1 + beyond.sum()) / (1 + len(drawn)))


def _table(row: Codes, column: Codes, rows: int, columns: int) -> Counts:
    counts: Counts = np.bincount(row * columns + column, minlength=rows * columns).reshape(rows, columns)
    return counts


def _expected(table: Counts) -> Values:
    expected: Values = np.outer(table.sum(1), table.sum(0)) / table.sum()
    return expected


def _statistic(table: Counts) -> float:
    """Pearson's chi-squared; rows that a permutation left empty count nothing."""
    expected = _expected(table)
    return float(((table - expected) ** 2 / np.maximum(expected, 1e-12)).sum())
