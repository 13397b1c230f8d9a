"""The model card that travels inside a file: made of what, tested on what, and for what it is not."""

import json
from typing import Any, Final

from sqlalchemy import select

from fercore import __version__
from fercore.emotions import EMOTIONS
from fercore.services.prediction import run_card
from fercore.sources.licences import licence
from fercore.store import Store
from fercore.store.tables import Dataset
from fercore.store.training import runs

# A file is read by whoever gets it: it speaks English, whatever the language of the page.
ABOUT: Final = (
    "Facial emotion of one 48x48 gray face crop as seven probabilities. Made by fercore. It reads expressions, not "
    "feelings, is wrong at times, more often for some groups of people than for others, and is not for decisions about "
    "people."
)
INPUT: Final = "faces: float32 (N, 48, 48), gray 0 to 255; resizing and scaling are inside"
OUTPUT: Final = "emotions: float32 (N, 7), probabilities in the order of the labels"


def notes(store: Store, run_id: int) -> dict[str, str]:
    """The notes of a run's file by their names, each a text or JSON; raises NotFoundError."""
    with store.database.reading() as session:
        snapshot = runs.snapshot(session, run_id)
        names = [*snapshot.datasets, *snapshot.validation_from]
        known = session.execute(select(Dataset.name, Dataset.source).where(Dataset.name.in_(names)))
        sources = {name: source for name, source in known}
    card = run_card.as_json(run_card.of_run(store, run_id))
    return {
        "about": ABOUT,
        "version": __version__,
        "input": INPUT,
        "output": OUTPUT,
        "labels": json.dumps(EMOTIONS),
        "card": json.dumps(card, ensure_ascii=False),
        "licence": json.dumps({name: licence(sources.get(name, "")) for name in names}, ensure_ascii=False),
    }


def as_json(store: Store, run_id: int) -> dict[str, Any]:
    """The card of a run that has a model as one document; raises NotFoundError, InputError."""
    made = notes(store, run_id)
    parts = {name: json.loads(made.pop(name)) for name in ("labels", "card", "licence")}
    return {**parts.pop("card"), **made, **parts}
