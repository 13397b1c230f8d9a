"""The words of a reviewer's record: kinds of known faces, and of votes."""

from fercore.curation.task_faces import TaskFaceKind
from fercore.curation.votes import DecisionKind
from fercore.language import tr
from fercore.services.review.reviewer_record import SETTLED


def known_faces() -> dict[str, str]:
    """Each kind of faces whose answer is known."""
    return {
        SETTLED: tr("Settled faces"),
        TaskFaceKind.GOLD: tr("Gold faces"),
        TaskFaceKind.CONTROL: tr("Control faces"),
    }


def votes() -> dict[DecisionKind, str]:
    """Each kind of vote."""
    return {
        DecisionKind.CONFIRMED: tr("confirmed"),
        DecisionKind.RELABELLED: tr("relabelled"),
        DecisionKind.REJECTED: tr("rejected"),
        DecisionKind.UNSURE: tr("not sure"),
    }
