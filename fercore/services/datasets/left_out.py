"""Faces that a snapshot or an export leaves out, and the reasons in words."""

from collections.abc import Mapping

from fercore.language import tr


def reasons() -> dict[str, str]:
    """Each reason in words."""
    return {
        "rejected": tr("rejected"),
        "not sure": tr("not sure: a reviewer could not tell"),
        "disputed": tr("disputed: the rule gives no label"),
        "unlabelled": tr("unlabelled"),
        "not reviewed": tr("not reviewed"),
        "purged": tr("deleted with a person since the freeze"),
    }


def sentence(counted: Mapping[str, int]) -> str:
    """How many faces were left out for each reason; empty where none was."""
    words = reasons()
    parts = (
        tr("{count} {reason}", count=f"{count:,}", reason=words[reason]) for reason, count in counted.items() if count
    )
    named = "; ".join(parts)
    return tr("Left out: {reasons}.", reasons=named) if named else ""
