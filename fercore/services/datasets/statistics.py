"""A dataset's portrait: who is in it, what its source called the faces, how good they are."""

from collections import Counter
from dataclasses import dataclass

from fercore.emotions import EMOTIONS
from fercore.store import Store
from fercore.store.datasets import statistics
from fercore.store.datasets.summaries import DatasetSummary

EXAMPLES = 8


@dataclass(frozen=True)
class DatasetStatistics:
    """Counts by person, gender, decade and word, and samples of the quality of pictures."""

    persons: int
    genders: dict[str | None, int]
    ages: dict[int | None, int]
    words: list[tuple[str, int | None, int]]
    qualities: dict[str, list[float]]


def describe(store: Store, dataset: DatasetSummary) -> DatasetStatistics:
    """All that charts show of a dataset."""
    with store.database.reading() as session:
        kinds = statistics.face_groups(session, dataset.id)
        persons = statistics.persons(session, dataset.id)
        qualities = statistics.qualities(session, dataset.id, dataset.faces)
    genders: Counter[str | None] = Counter()
    ages: Counter[int | None] = Counter()
    words: Counter[tuple[str, int | None]] = Counter()
    for kind in kinds:
        genders[kind.gender] += kind.faces
        ages[kind.age] += kind.faces
        if not kind.rejected:
            words[kind.word, kind.emotion] += kind.faces
    flows = [(word, emotion, count) for (word, emotion), count in words.most_common()]
    return DatasetStatistics(persons, dict(genders), dict(ages), flows, qualities)


def examples(store: Store, dataset: DatasetSummary, start: str = "") -> dict[int | None, list[int]]:
    """Some faces of each emotion and of none, from a place in the order of hashes on; emotions without faces lack."""
    with store.database.reading() as session:
        examples = {
            emotion: statistics.examples(session, dataset.id, emotion, start, EXAMPLES)
            for emotion in (*range(len(EMOTIONS)), None)
        }
    return {emotion: ids for emotion, ids in examples.items() if ids}
