"""Faces that a snapshot or an export leaves out, and the reasons in words."""

from collections.abc import Mapping

from fercore.curation.exclusions import Exclusion
from fercore.language import tr


def reasons() -> dict[Exclusion, str]:
    """Each reason in words."""
    return {
        Exclusion.REJECTED: tr("rejected"),
        Exclusion.NOT_SURE: tr("not sure: a reviewer could not tell"),
        Exclusion.DISPUTED: tr("disputed: the rule gives no label"),
        Exclusion.UNLABELLED: tr("unlabelled"),
        Exclusion.NOT_REVIEWED: tr("not reviewed"),
        Exclusion.PURGED: tr("deleted with a person since the freeze"),
    }


def sentence(counted: Mapping[Exclusion, int]) -> str:
    """The number of faces left out for each reason; empty where none was."""
    words = reasons()
    parts = (
        tr("{count} {reason}", count=f"{count:,}", reason=words[reason]) for reason, count in counted.items() if count
    )
    named = "; ".join(parts)
    return tr("Left out: {reasons}.", reasons=named) if named else ""
