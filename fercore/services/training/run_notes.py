"""Notes and tags that people write on runs."""

from collections.abc import Sequence

from fercore.errors import InputError
from fercore.language import tr
from fercore.store import Store
from fercore.store.training import runs


def annotate(store: Store, run_id: int, note: str, tags: Sequence[str]) -> None:
    """Keep what people write about a run; raises InputError for a text that is too long."""
    clean = list(dict.fromkeys(tag.strip() for tag in tags if tag.strip()))
    if len(note) > 5000 or any(len(tag) > 50 for tag in clean) or len(clean) > 20:
        raise InputError(tr("A note has at most 5,000 characters, a run at most 20 tags of at most 50 characters."))
    with store.database.writing() as session:
        runs.get(session, run_id)
        runs.set_values(session, run_id, note=note.strip(), tags=clean)
