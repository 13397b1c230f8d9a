"""Votes that become labels in a dataset, and what they leave open."""

from typing import Final

from fercore.curation.votes import RULES, LabelRule
from fercore.errors import InputError
from fercore.language import tr
from fercore.progress import Progress, silent
from fercore.store import Store
from fercore.store.datasets import datasets
from fercore.store.review import adjudications

CHUNK: Final = 1_000
EXAMPLES: Final = 3


def disputed(store: Store) -> dict[str, int]:
    """The number of faces of each dataset that wait for an adjudicator."""
    with store.database.reading() as session:
        return adjudications.disputed(session)


def rules(store: Store) -> dict[str, str]:
    """Each dataset's rule."""
    with store.database.reading() as session:
        return adjudications.rules(session)


def examples(store: Store, dataset_id: int) -> dict[int, list[int]]:
    """Settled faces of each emotion to learn from; those with which tasks test people are not among them."""
    with store.database.reading() as session:
        return adjudications.examples(session, dataset_id, EXAMPLES)


def rule_changes(store: Store, dataset: str, rule: str) -> int:
    """The number of labels of a dataset that another rule would change. Raises InputError."""
    known = _known(rule)
    with store.database.reading() as session:
        faces = adjudications.decided_faces(session, datasets.named(session, dataset).id)
        parts = (faces[start : start + CHUNK] for start in range(0, len(faces), CHUNK))
        return sum(adjudications.moved(session, part, known) for part in parts)


def set_rule(store: Store, dataset: str, rule: str, progress: Progress = silent) -> int:
    """Let votes become labels by another rule; returns how many faces are disputed, which no rule changes.

    `latest`: the last vote; `majority`: what more than half say; `unanimous`: what all say. Raises InputError.
    """
    known = _known(rule)
    with store.database.writing() as session:
        dataset_id = datasets.named(session, dataset).id
        adjudications.set_rule(session, dataset_id, known)
        faces = adjudications.decided_faces(session, dataset_id)
    for start in range(0, len(faces), CHUNK):
        progress(start, len(faces), tr("Counting votes"))
        with store.database.writing() as session:
            adjudications.relabel(session, faces[start : start + CHUNK])
    return disputed(store).get(dataset, 0)


def _known(rule: str) -> LabelRule:
    known: dict[str, LabelRule] = {rule: rule for rule in RULES}
    if rule not in known:
        raise InputError(tr("'{rule}' is not a rule: use one of {known}.", rule=rule, known=", ".join(RULES)))
    return known[rule]
