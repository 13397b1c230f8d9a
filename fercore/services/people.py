"""One person's faces: found by the hash their source gives them, and deleted when they ask for it."""

from fercore.errors import NotFoundError
from fercore.store import Store, datasets, people, photos
from fercore.store.people import Holding


def find(store: Store, subject: str, dataset: str | None = None) -> Holding:
    """What there is of a person; raises NotFoundError when there is nothing."""
    subject = subject.strip()
    with store.database.reading() as session:
        dataset_id = datasets.named(session, dataset).id if dataset else None
        found = people.find(session, subject, dataset_id)
    if not found.faces and not found.photos:
        raise NotFoundError("person", subject)
    return found


def purge(store: Store, subject: str, dataset: str | None = None) -> Holding:
    """Delete all of it; returns what went. Photos outside of the data folder are named and left."""
    find(store, subject, dataset)
    with store.database.writing() as session:
        dataset_id = datasets.named(session, dataset).id if dataset else None
        gone = people.purge(session, subject.strip(), dataset_id)
    with store.database.reading() as session:
        photos.drop_orphans(session, store.photos)
    store.database.flush_log()
    return gone
