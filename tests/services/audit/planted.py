"""Datasets of pictures that are copies of each other, and their audits."""

from fercore.curation.checks import Check
from fercore.faces.pixels import pixel_hash
from fercore.services.audit import audit_request, dataset_audit, score_card
from fercore.services.audit.audit_request import Doubt
from fercore.store.datasets import datasets, faces
from fercore.store.datasets.faces import NewFace


def put(store, name, pictures, split="train", labels=None, subjects=None):
    """Store pictures (N, 48, 48) as faces of a dataset's split; returns their numbers in order."""
    new = [
        NewFace(
            identity=f"{split}/{at}",
            split=split,
            emotion=labels[at] if labels else 3,
            word="word",
            pixel_hash=pixel_hash(gray),
            gray=gray,
            subject=subjects[at] if subjects else None,
        )
        for at, gray in enumerate(pictures)
    ]
    with store.database.writing() as session:
        begun = datasets.begin_import(session, name, "folder", f"{split} of {name}")
        ids = faces.add(session, begun.dataset_id, begun.id, new)
        datasets.finish_import(session, begun.id)
    return [ids[face.identity] for face in new]


def kept(store, *names, checks=tuple(Check), **asked):
    number = dataset_audit.audit(store, audit_request.request(names, checks, Doubt(**asked)))
    return score_card.card(store, number)
