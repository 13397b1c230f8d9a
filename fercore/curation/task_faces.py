"""The kinds of faces in a review task."""

from enum import StrEnum


class TaskFaceKind(StrEnum):
    """A face that was asked for, or one mixed in to measure accuracy.

    Gold faces have an answer that an adjudicator settled; control faces are random ones.
    """

    PLAIN = "plain"
    GOLD = "gold"
    CONTROL = "control"
