"""Populations whose faces a dataset shows: the two between which the accuracy gap is measured."""

from enum import StrEnum
from typing import Final


class Population(StrEnum):
    """Western or East Asian faces; stored and printed as these words."""

    WESTERN = "western"
    EAST_ASIAN = "east asian"


# Readers whose sources show one population.
OF_SOURCE: Final = {
    "fer2013": Population.WESTERN,
    "ckplus": Population.WESTERN,
    "jaffe": Population.EAST_ASIAN,
    "aihub": Population.EAST_ASIAN,
}
POPULATIONS: Final = tuple(Population)
