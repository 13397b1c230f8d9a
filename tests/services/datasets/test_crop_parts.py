"""Parts of a source: every photo in exactly one, and each an import of its own."""

import pytest

from fercore.services.datasets import catalogue, extraction
from fercore.services.datasets.shard import WHOLE, Shard


@pytest.mark.parametrize("count", [1, 2, 5])
def test_every_photo_is_in_exactly_one_part(count):
    names = [f"사람/{number}.jpg" for number in range(200)]
    parts = [[name for name in names if Shard(number, count).has(name)] for number in range(1, count + 1)]
    assert sorted(name for part in parts for name in part) == sorted(names)
    assert all(len(part) > 100 / count for part in parts)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        pytest.param(WHOLE, WHOLE, True, id="the whole again"),
        pytest.param(Shard(1, 2), Shard(1, 2), True, id="a part again"),
        pytest.param(Shard(1, 2), Shard(2, 2), False, id="another part"),
        pytest.param(WHOLE, Shard(1, 2), False, id="a part of the whole"),
    ],
)
def test_an_unfinished_import_goes_on_and_each_part_is_one_of_its_own(lite, first, second, same):
    item, two = (extraction.begin(lite, "D", "/photos", shard) for shard in (first, second))
    assert item.dataset_id == two.dataset_id and (item.import_id == two.import_id) == same
    paths = [result["path"] for result in catalogue.imports(lite, "D")]
    assert paths == [
        "/photos" if shard == WHOLE else f"/photos ({shard})" for shard in ((second,) if same else (second, first))
    ]
