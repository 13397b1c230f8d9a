"""Why faces have no place in a snapshot or an export."""

from enum import StrEnum


class Exclusion(StrEnum):
    """The reason for which a face was left out; stored in results of jobs and printed as these words."""

    REJECTED = "rejected"
    NOT_SURE = "not sure"
    DISPUTED = "disputed"
    UNLABELLED = "unlabelled"
    NOT_REVIEWED = "not reviewed"
    PURGED = "purged"  # deleted with a person since the freeze
