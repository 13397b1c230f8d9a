"""Training dynamics of a run: figures of each face, as a file and as orders of review; deleted faces leave them."""

import csv

import numpy as np
import pytest
from click.testing import CliRunner
from sqlalchemy import select

from fercore.cli import cli
from fercore.curation.review_filter import Cursor, Order, ReviewFilter
from fercore.errors import InputError, StoredDataError
from fercore.services.datasets import erasure
from fercore.services.review import grid, sort_orders
from fercore.services.review.dynamics_orders import DYNAMIC
from fercore.services.training import snapshots, training_dynamics
from fercore.store.tables import Face
from fercore.training.loop import dynamics
from tests.conftest import fill
from tests.services.comparison.conftest import HAPPY, SAD, run

# (confidence, margin) of four faces in three epochs: easy, forgotten once, forgotten twice but surer, never learned.
EPOCHS = np.array(
    [
        [[0.9, 0.8], [0.6, 0.3], [0.7, 0.5], [0.1, -0.6]],
        [[0.9, 0.8], [0.3, -0.1], [0.4, -0.1], [0.1, -0.7]],
        [[1.0, 0.9], [0.5, 0.2], [0.8, 0.6], [0.1, -0.5]],
    ],
    np.float16,
)


@pytest.fixture
def trained(store):
    """A run that learned the first four faces of D, of two people; a fifth came later."""
    learned = fill(store, "D", [HAPPY, SAD, HAPPY, SAD])
    with store.database.writing() as session:
        for number, face in enumerate(session.scalars(select(Face).order_by(Face.id))):
            face.subject = f"p{number // 3}"
    snapshots.freeze(store, "S", ["D"])
    fill(store, "D", [HAPPY], start=50)
    number = run(store)
    dynamics.write(store.run_folder(number), list(EPOCHS), np.array(learned))
    return store, number, learned


def test_figures_of_each_face_with_the_label_that_was_learned(trained):
    store, number, learned = trained
    table = training_dynamics.frame(store, number)
    assert table["face"].tolist() == learned and table["label"].tolist() == ["Happy", "Sad", "Happy", "Sad"]
    assert table["forgetting"].tolist() == [0, 1, 1, 0] and set(table["epochs"]) == {3}
    assert table["confidence"].tolist() == pytest.approx([2.8 / 3, 1.4 / 3, 1.9 / 3, 0.1], abs=1e-3)
    assert table["variability"].tolist() == pytest.approx(EPOCHS[:, :, 0].astype(float).std(axis=0).tolist(), abs=1e-6)
    assert table["loss"].is_monotonic_increasing is False and table["loss"][3] == pytest.approx(-np.log(0.1), abs=1e-3)


@pytest.mark.parametrize(
    ("order", "expected"),
    [(Order.HARD_TO_LEARN, [3, 1, 2, 0]), (Order.AMBIGUOUS, [2, 1, 0, 3]), (Order.FORGOTTEN, [1, 2, 3, 0])],
)
def test_orders_of_review(trained, order, expected):
    store, number, learned = trained
    with store.database.reading() as session:
        dataset_id = session.get_one(Face, learned[0]).dataset_id
    view = ReviewFilter(dataset_id, "a", ordering=sort_orders.ordering(store, dataset_id, order, number))
    seen = grid.open_page(store, view, Cursor(), 50).face_ids
    assert seen[:4] == [learned[place] for place in expected]
    assert len(seen) == 5, "what the run did not learn comes last"


@pytest.mark.parametrize("order", DYNAMIC)
def test_an_order_without_dynamics_says_what_it_needs(trained, order):
    store, number, learned = trained
    with store.database.reading() as session:
        dataset_id = session.get_one(Face, learned[0]).dataset_id
    with pytest.raises(InputError, match="choose a model that learned these faces"):
        sort_orders.ordering(store, dataset_id, order)
    with pytest.raises(InputError, match="has no training dynamics"):
        sort_orders.ordering(store, dataset_id, order, run(store, seed=1))
    other = fill(store, "E", [HAPPY])[0]
    with store.database.reading() as session:
        elsewhere = session.get_one(Face, other).dataset_id
    with pytest.raises(InputError, match="learned no face of this dataset"):
        sort_orders.ordering(store, elsewhere, order, number)


def test_a_deleted_person_leaves_them(trained):
    store, number, learned = trained
    erasure.purge(store, "p0")
    assert training_dynamics.training_dynamics(store, number).faces.tolist() == learned[3:]
    assert dynamics.read(store.run_folder(number)).faces.tolist() == learned[3:], "and the file, too"


def test_a_face_that_is_gone_is_never_shown(trained):
    """A training that ran on while a person was deleted writes its file again."""
    store, number, learned = trained
    erasure.purge(store, "p0")
    dynamics.write(store.run_folder(number), list(EPOCHS), np.array(learned))
    assert training_dynamics.frame(store, number)["face"].tolist() == learned[3:]


@pytest.mark.parametrize("spoilt", ["none", "no epoch", "broken"])
def test_a_run_without_them_says_so(trained, spoilt):
    store, number, learned = trained
    folder = store.run_folder(number)
    if spoilt == "none":
        (folder / dynamics.DYNAMICS_FILE).unlink()
    elif spoilt == "no epoch":
        dynamics.write(folder, [], np.array(learned))
    else:
        (folder / dynamics.DYNAMICS_FILE).write_bytes(b"\x93NUMPY")
    with pytest.raises(StoredDataError if spoilt == "broken" else InputError, match="training dynamics"):
        training_dynamics.training_dynamics(store, number)


def test_the_command_writes_a_file(lite, tmp_path):
    learned = fill(lite, "D", [HAPPY, SAD, HAPPY, SAD])
    snapshots.freeze(lite, "S", ["D"])
    number = run(lite)
    dynamics.write(lite.run_folder(number), list(EPOCHS), np.array(learned))
    file = tmp_path / "d.csv"
    done = CliRunner().invoke(cli, ["run", str(number), "--dynamics", str(file)])
    assert done.exit_code == 0 and done.stdout.startswith("4 faces: ")
    with file.open(encoding="utf-8") as opened:
        rows = list(csv.DictReader(opened))
    assert [row["forgetting"] for row in rows] == ["0", "1", "1", "0"] and rows[0]["path"] == "train/0"
    again = CliRunner().invoke(cli, ["run", str(number), "--dynamics", str(file)])
    assert again.exit_code != 0, "nothing is overwritten unless --replace says so"
    assert CliRunner().invoke(cli, ["run", str(number), "--dynamics", str(file), "--replace"]).exit_code == 0
