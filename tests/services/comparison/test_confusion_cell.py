"""The faces of one confusion cell."""

import numpy as np
import pytest

from fercore.services.comparison import (
    confusion_cell,
)
from fercore.services.training import snapshots
from fercore.store.comparison import evaluations as table
from fercore.store.comparison.evaluations import ScoredFaces
from fercore.store.tables import Evaluation
from tests.conftest import fill
from tests.services.comparison.conftest import HAPPY, SAD, run


def test_a_cell_has_the_surest_first_and_both_probabilities(store):
    ids = fill(store, "D", [HAPPY, HAPPY, HAPPY])
    snapshots.freeze(store, "S", ["D"])
    number = run(store)
    with store.database.writing() as session:
        shares = np.full((3, 7), 0.01, np.float32)
        shares[:, SAD], shares[:, HAPPY] = [0.5, 0.9, 0.7], [0.4, 0.05, 0.2]
        new = Evaluation(run_id=number, dataset_id=1, split="train", n=3, accuracy=0.0, confusion=[[0] * 7] * 7)
        made = table.add(session, new, ScoredFaces(ids, np.array([HAPPY] * 3), shares)).id
    result = confusion_cell.cell(store, made, HAPPY, SAD)
    assert [row.face_id for row in result] == [ids[1], ids[2], ids[0]]
    assert [round(row.guessed, 2) for row in result] == [0.9, 0.7, 0.5]
    assert [round(row.true, 2) for row in result] == [0.05, 0.2, 0.4]
    assert confusion_cell.faces_of_cell(store, f"{made}.{HAPPY}.{SAD}") == tuple(ids)


@pytest.mark.parametrize(
    "name", ["", "1", "1.2", "1.2.3.4", "a.b.c", "1.7.0", "1.0.7", "-1.0.0", "9" * 40 + ".0.0", "1.²"]
)
def test_a_link_to_no_cell_has_no_faces(store, name):
    assert confusion_cell.faces_of_cell(store, name) == ()


@pytest.mark.parametrize(
    ("label", "predicted", "expected"),
    [
        pytest.param(HAPPY, SAD, [(1, 0.9, 0.05), (3, 0.6, 0.3)], id="happy read as sad"),
        pytest.param(SAD, HAPPY, [(5, 0.8, 0.1), (2, 0.7, 0.2)], id="sad read as happy"),
        pytest.param(HAPPY, HAPPY, [(0, 0.55, 0.55)], id="on the diagonal"),
        pytest.param(HAPPY, 0, [], id="an empty cell"),
        pytest.param(0, SAD, [(4, 0.9, 0.02)], id="another label"),
    ],
)
def test_every_cell_has_its_own_faces(store, label, predicted, expected):
    ids = fill(store, "D", [HAPPY, HAPPY, SAD, HAPPY, 0, SAD])
    snapshots.freeze(store, "S", ["D"])
    shares = np.zeros((6, 7), np.float32)
    shares[:, HAPPY] = [0.55, 0.05, 0.7, 0.3, 0.04, 0.8]
    shares[:, SAD] = [0.4, 0.9, 0.2, 0.6, 0.9, 0.1]
    shares[4, 0] = 0.02
    for number in (run(store), run(store, seed=1)):  # another run says the opposite of the same faces
        answers = shares if number == 1 else shares[:, ::-1]
        with store.database.writing() as session:
            new = Evaluation(
                run_id=number, dataset_id=1, split="train", n=6, accuracy=0.0, confusion=[[0] * 7 for _ in range(7)]
            )
            made = table.add(session, new, ScoredFaces(ids, np.array([HAPPY, HAPPY, SAD, HAPPY, 0, SAD]), answers)).id
    result = confusion_cell.cell(store, made - 1, label, predicted)
    messages = [(ids.index(row.face_id), round(row.guessed, 2), round(row.true, 2)) for row in result]
    assert messages == expected
    assert confusion_cell.faces_of_cell(store, f"{made - 1}.{label}.{predicted}") == tuple(
        sorted(ids[number] for number, *_ in expected)
    )
