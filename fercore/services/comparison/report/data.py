"""The data of a report: test sets, snapshots with their hashes, and what stands on both sides."""

from fercore.emotions import EMOTIONS
from fercore.exports.documents.document import Block, Column, Kind, Paragraph, Section, Table
from fercore.language import tr
from fercore.populations import Population
from fercore.services.comparison import training_overlap
from fercore.services.comparison.report.material import Material
from fercore.services.datasets import catalogue
from fercore.services.training import continuation
from fercore.services.training.run_details import RunView
from fercore.services.training.summaries import SnapshotSummary
from fercore.splits import SPLITS

LOOKED_AT = 60  # evaluations whose people are looked up one by one


def section(material: Material) -> Section:
    """The faces that were learned, and those that were tested on."""
    blocks: list[Block] = [_test_sets(material), _snapshots(material), _leaks(material)]
    blocks.append(
        Paragraph(
            tr(
                "A hash of labels stands for every face of a split with its label, a snapshot's hash for every face "
                "with its label and split: equal hashes are equal data."
            )
        )
    )
    return Section(tr("Data"), tuple(blocks))


def _test_sets(material: Material) -> Table:
    populations = {summary.name: summary.population for summary in catalogue.summaries(material.store)}
    columns = (
        Column(tr("Dataset")),
        Column(tr("Split")),
        Column(tr("Faces show")),
        Column(tr("Faces"), Kind.COUNT),
        *(Column(tr(name), Kind.COUNT) for name in EMOTIONS),
        Column(tr("Labels (hash)")),
    )
    rows = []
    for place in material.places:
        for labels in dict.fromkeys(view.labels_hash for view in place.views):
            view = next(view for view in place.views if view.labels_hash == labels)
            shown = populations.get(place.dataset)
            counts = [sum(row) for row in view.confusion]
            words = population_words(shown)
            rows.append((place.dataset, tr(place.split), words, view.n, *counts, labels[:12]))
    return Table("test-sets", tr("Faces that the runs were tested on"), columns, tuple(rows))


def population_words(population: str | None) -> str | None:
    """The population of a dataset in words; None where it was not said."""
    names = {Population.WESTERN: tr("Western"), Population.EAST_ASIAN: tr("East Asian")}
    return None if population is None else names[Population(population)]


def _snapshots(material: Material) -> Table:
    columns = (
        Column(tr("Snapshot")),
        Column(tr("Hash")),
        Column(tr("Datasets")),
        *(Column(tr("Faces, {split}", split=tr(split)), Kind.COUNT) for split in SPLITS),
        Column(tr("Reviewed faces only")),
        Column(tr("Faces erased since"), Kind.COUNT),
        Column(tr("Runs")),
    )
    rows: dict[str, tuple[object, ...]] = {}
    trained = [(run, each) for run, view in material.trained.items() for each in _learned(material, view)]
    for run, snapshot in trained:
        runs = f"{run}, {rows[snapshot.hash][-1]}" if snapshot.hash in rows else str(run)
        counts = [sum(snapshot.counts.get(split, {}).values()) for split in SPLITS]
        only = tr("yes") if snapshot.only_reviewed else tr("no")
        first = (snapshot.name, snapshot.hash[:12], " + ".join(snapshot.datasets))
        rows[snapshot.hash] = (*first, *counts, only, snapshot.purged, runs)
    return Table("snapshots", tr("Faces that the runs learned"), columns, tuple(rows.values()))


def _learned(material: Material, view: RunView) -> list[SnapshotSummary]:
    """The snapshots that a run and those that it continues were trained on, its own first."""
    earlier = continuation.history(material.store, view) if view.run.continues else []
    return [view.snapshot, *(each.snapshot for each in reversed(earlier))]


def _leaks(material: Material) -> Table:
    columns = (
        Column(tr("Run"), Kind.COUNT),
        Column(tr("Tested on")),
        Column(tr("Faces"), Kind.COUNT),
        Column(tr("Learned faces among them"), Kind.COUNT),
        Column(tr("Faces of learned people"), Kind.COUNT),
        Column(tr("Accuracy"), Kind.SHARE),
        Column(tr("Accuracy without learned faces"), Kind.SHARE),
    )
    people = _people(material)
    rows = []
    for place in material.places:
        for view in place.views:
            if view.is_foreign or view.is_training_accuracy:
                continue
            known = material.figures[view.id]
            fresh = known.of("accuracy", without_learned=True).value
            rows.append((view.run, place.words, view.n, known.learned, people.get(view.id), view.accuracy, fresh))
    return Table(
        "leaks", tr("Tested faces that stand in the training split, too, pixel by pixel"), columns, tuple(rows)
    )


def _people(material: Material) -> dict[int, int]:
    """The number of tested faces that show people of the training split, by evaluation; of a few evaluations only."""
    views = [view for view in material.views if not view.is_foreign and not view.is_training_accuracy]
    if len(views) > LOOKED_AT:
        return {}
    known: dict[tuple[str, tuple[int, ...], int, str], int] = {}
    people = {}
    for view in views:
        key = (view.training.snapshot_hash, view.continues, view.dataset_id, view.split)
        if key not in known:
            known[key] = training_overlap.learned(material.store, view).of_known_people
        people[view.id] = known[key]
    return people
