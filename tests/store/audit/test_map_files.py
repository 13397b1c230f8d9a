"""Maps of faces as files."""

import numpy as np
import pytest

from fercore.errors import StoredDataError
from fercore.store.audit import map_files
from fercore.store.audit.map_files import MapFile, MapOrigin

GRADIENTS = MapOrigin((1, 2), None, 0)
OF_RUN = MapOrigin((2,), 7, 0)


def a_map(content, origin=GRADIENTS, ids=(3, 5, 8)):
    count = len(ids)
    points = np.linspace(-1, 1, 2 * count, dtype=np.float32).reshape(count, 2)
    return MapFile(content, origin, np.array(ids), np.arange(count, dtype=np.uint64), points)


def test_a_map_comes_back_as_it_was_kept(tmp_path):
    map_files.write(tmp_path, a_map("a"))
    known = map_files.read(tmp_path, "a")
    assert (known.hash, known.origin) == ("a", GRADIENTS)
    assert known.ids.tolist() == [3, 5, 8] and known.keys.tolist() == [0, 1, 2]
    np.testing.assert_array_equal(known.points, a_map("a").points)
    assert [path.name for path in tmp_path.iterdir()] == ["a.npz"]


def test_a_new_map_takes_the_place_of_the_old_one_of_its_origin(tmp_path):
    map_files.write(tmp_path, a_map("a"))
    map_files.write(tmp_path, a_map("r", OF_RUN))
    map_files.write(tmp_path, a_map("b"))
    assert sorted(path.stem for path in tmp_path.iterdir()) == ["b", "r"]
    assert [map_files.latest(tmp_path, origin) for origin in (GRADIENTS, OF_RUN, MapOrigin((1,), None, 0))] == [
        *("b", "r", None)
    ]


@pytest.mark.parametrize(("dataset", "left"), [(1, ["r"]), (2, []), (3, ["a", "r"])])
def test_a_dataset_takes_its_maps_along(tmp_path, dataset, left):
    map_files.write(tmp_path, a_map("a"))
    map_files.write(tmp_path, a_map("r", OF_RUN))
    map_files.remove(tmp_path, dataset)
    assert sorted(path.stem for path in tmp_path.iterdir()) == left


def test_forgotten_faces_are_in_no_map(tmp_path):
    map_files.write(tmp_path, a_map("a"))
    map_files.write(tmp_path, a_map("r", OF_RUN, (1, 2)))
    map_files.forget(tmp_path, [5, 99])
    assert map_files.read(tmp_path, "a").ids.tolist() == [3, 8]
    np.testing.assert_array_equal(map_files.read(tmp_path, "a").points, a_map("a").points[[0, 2]])
    assert map_files.read(tmp_path, "r").ids.tolist() == [1, 2]
    map_files.forget(tmp_path, [1, 2])
    assert [path.stem for path in tmp_path.iterdir()] == ["a"], "a map without faces is none"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no zip", b"\x93NUMPY\x01\x00"], ids=["empty", "zip", "numpy"])
def test_what_is_no_map_is_as_if_it_were_not_there(tmp_path, content):
    (tmp_path / "a.npz").write_bytes(content)
    assert map_files.latest(tmp_path, GRADIENTS) is None
    map_files.remove(tmp_path, 1)
    map_files.forget(tmp_path, [3])
    with pytest.raises(StoredDataError, match="make it again"):
        map_files.read(tmp_path, "a")
    map_files.write(tmp_path, a_map("a"))
    assert map_files.latest(tmp_path, GRADIENTS) == "a"
