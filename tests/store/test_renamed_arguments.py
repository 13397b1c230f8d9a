"""Arguments of jobs and plans of sweeps after a dataset was renamed."""

import pytest

from fercore.store.system.names import renamed


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"dataset": "D"}, {"dataset": "E"}),
        ({"dataset": "D 2"}, {"dataset": "D 2"}),
        ({"title": "D"}, {"title": "D"}),
        ({"plan": {"dataset": "D", "name": "D"}}, {"plan": {"dataset": "E", "name": "D"}}),
        ({"evaluate": [["D", "test"], ["F", "test"]]}, {"evaluate": [["E", "test"], ["F", "test"]]}),
        ([["D", "train"], ["D", "validation"]], [["E", "train"], ["E", "validation"]]),
        (["D", "other"], ["D", "other"]),
        (["D", "test", "x"], ["D", "test", "x"]),
        (["D"], ["D"]),
        (["F", "test"], ["F", "test"]),
        ("D", "D"),
        (7, 7),
        (None, None),
    ],
)
def test_a_dataset_has_its_new_name_in_arguments(value, expected):
    assert renamed(value, "D", "E") == expected
