"""The paper's table: which of its runs can be trained, on which faces, and on which they are watched."""

import pytest

from fercore.services.datasets import catalogue
from fercore.services.training import paper_sweep, snapshots
from fercore.store.tables import Face
from tests.conftest import fill


def test_the_papers_table_as_far_as_its_datasets_are_here(store):
    assert paper_sweep.possible(store).cells == 0
    fill(store, "FER2013", [n % 7 for n in range(14)])
    fill(store, "CK+", [n % 7 for n in range(7)])
    result = paper_sweep.possible(store)
    assert (result.cells, result.missing) == (15, ["KFE", "JAFFE"])
    fill(store, "KFE", [n % 7 for n in range(7)])
    assert paper_sweep.possible(store).cells == 25
    assert paper_sweep.grid(store, weights="none").cells == [] and snapshots.listed(store) == [], (
        "reading freezes nothing"
    )
    assert len(paper_sweep.freeze(store)) == 5 and paper_sweep.freeze(store) == [], "frozen once"
    grid = paper_sweep.grid(store, weights="none")
    assert len(grid.cells) == 25 and grid.recipes == ["paper"]
    assert grid.evaluate == [], "there is nothing to evaluate on"
    fill(store, "KFE", [n % 7 for n in range(7)], "test", 100)
    fill(store, "CK+", [n % 7 for n in range(7)], "test", 200)
    assert paper_sweep.grid(store, weights="none").evaluate == [("KFE", "test")]
    assert paper_sweep.grid(store, weights="none").snapshots == grid.snapshots
    with store.database.reading():
        named = {snapshot.name: snapshot.datasets for snapshot in snapshots.listed(store)}
    assert sorted(map(sorted, named.values())) == sorted(map(sorted, paper_sweep.TRAINED_ON))
    assert len(catalogue.summaries(store)) == 3


@pytest.mark.parametrize("validation", [True, False], ids=["with PublicTest", "without"])
def test_whatever_is_learned_is_watched_on_the_first_set_s_validation_faces(store, validation):
    ids = fill(store, "FER2013", [n % 7 for n in range(14)])
    with store.database.writing() as session:
        for face in ids[10:] if validation else ():
            session.get_one(Face, face).split = "validation"
    fill(store, "CK+", [n % 7 for n in range(7)])
    paper_sweep.freeze(store)
    result = {tuple(snapshot.datasets): snapshot for snapshot in snapshots.listed(store)}
    counts = {names: {split: sum(of.values()) for split, of in item.counts.items()} for names, item in result.items()}
    watched = 4 if validation else 0
    assert counts["CK+",] == {"train": 7, "validation": watched, "test": 0}
    assert counts["FER2013", "CK+"] == {"train": 21 - watched, "validation": watched, "test": 0}
    assert result["CK+",].validation_from == ["FER2013"] and result["FER2013",].validation_from == []
    assert snapshots.origin(result["CK+",]) == "CK+, watching FER2013"
    used = {summary.name: summary.snapshots for summary in catalogue.summaries(store)}
    assert set(used["FER2013"]) == {value.name for value in result.values()}
