"""What is counted when detectors are compared: known faces found, false ones, doubts."""

from types import SimpleNamespace

import pytest

from fercore.errors import UnreadableImageError
from fercore.progress import silent
from fercore.services.datasets import detector_comparison
from fercore.services.datasets.detector_comparison import Performance

A, B, FAR = (10, 10, 100, 100), (300, 10, 100, 100), (10, 400, 60, 60)


@pytest.mark.parametrize(("actual", "known", "recall"), [(3, 4, 0.75), (0, 4, 0.0), (4, 4, 1.0), (0, 0, 0.0)])
def test_recall(actual, known, recall):
    assert Performance("haar", 9, known, actual, 0, 0, 0, 1.0).recall == recall


@pytest.mark.parametrize(
    ("known", "seen", "counts"),
    [
        pytest.param([A, B], [A, B], (2, 2, 0, 0, 0), id="both"),
        pytest.param([A, B], [A], (2, 1, 0, 0, 0), id="one of two"),
        pytest.param([A], [A, FAR], (1, 1, 1, 0, 0), id="a false one"),
        pytest.param([A], [A, (*FAR, "doubted")], (1, 1, 1, 1, 1), id="a false one in doubt"),
        pytest.param([A], [(*A, "doubted"), FAR], (1, 1, 1, 0, 1), id="a true one in doubt"),
        pytest.param([], [FAR, B], (0, 0, 2, 0, 0), id="a photo without a face"),
        pytest.param([A], None, (1, 0, 0, 0, 0), id="a photo that cannot be read"),
    ],
)
def test_what_a_detector_did(known, seen, counts):
    def extract(data, wanted):
        if seen is None:
            raise UnreadableImageError("broken")
        faces = [(box[:4], SimpleNamespace(doubtful=len(box) > 4)) for box in seen]
        return SimpleNamespace(faces=[SimpleNamespace(box=box, checks=checks) for box, checks in faces])

    photo = SimpleNamespace(name="a.jpg", read=lambda: b"")
    boxes = {"a.jpg": known} if known else {}
    result = detector_comparison._measured("haar", SimpleNamespace(extract=extract), [photo], boxes, silent)
    assert (result.known, result.found, result.false, result.false_doubted, result.doubted) == counts
    assert (result.detector, result.photos) == ("haar", 1) and result.photos_per_second > 0


def test_boxes_by_photo(tmp_path):
    file = tmp_path / "boxes.csv"
    file.write_text("\ufeffphoto,x,y,width,height\na.jpg,1,2.4,30,40.6\nb.jpg,0,0,9,9\na.jpg,5,6,7,8\n", "utf-8")
    assert detector_comparison.read_boxes(file) == {"a.jpg": [(1, 2, 30, 41), (5, 6, 7, 8)], "b.jpg": [(0, 0, 9, 9)]}
