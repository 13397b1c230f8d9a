"""Every way in × every size, and every way in × every form; orientation and faces go round with them.

Every pair of a way in and of a size, form, orientation or number of faces is tried at least once.
"""

import pytest

from fercore.settings import Settings
from fercore.store import open_store
from tests.pictures import drawn
from tests.pictures.doors import Doors

WAYS = ("imports", "preview", "extract", "recrop", "page", "camera", "command")
# Below, at and above what the code asks for: the cascade's 24, the smallest face's 28 and 30, a crop's 48, an eye's
# 120, a context's 192, looks and scales of 600, 1200, 2400 and 4800, the page's 900 and the drawing's 960, shapes of
# 2.5 and 4 shorter sides, OpenCV's 32,767, and what phones, panoramas and screenshots have.
SIZES = (
    *((1, 1), (2, 1), (1, 30), (23, 24), (25, 24), (27, 28), (29, 30), (31, 30), (47, 48), (48, 48), (49, 48)),
    *((119, 120), (121, 120), (191, 192), (193, 192), (599, 600), (600, 450), (601, 450), (899, 600), (900, 600)),
    *((901, 600), (900, 900), (959, 640), (961, 640), (1199, 900), (1200, 900), (1201, 900), (1500, 600), (1502, 600)),
    *((600, 2400), (600, 2404), (2399, 1800), (2401, 1800), (4799, 3600), (4801, 3600)),
    *((30000, 1), (1, 30000), (30000, 100), (200, 20000), (30000, 600), (32768, 300)),
)
PLAIN = ((640, 480), (480, 640), (1210, 800), (300, 200))
ORIENTATIONS = (None, 1, 6, 3, 8, 2, 4, 5, 7, "broken")
FACES = (1, 0, 30)
ROUND = (1, 0, 1, 0, 1, 30)  # thirty take long to find
FORMS = tuple(drawn.FORMS)


def rows():
    """(way, size, form, orientation, faces), each one once."""
    for turn, way in enumerate(WAYS):
        for number, size in enumerate(SIZES):
            forms = [form for form in FORMS if drawn.fits(size, form)]
            if max(size) > 5000:
                forms = ["jpeg", "png gray"]  # the others take long to write
            faces = ROUND[(number + turn) % 6]
            yield way, size, forms[(3 * number + turn) % len(forms)], ORIENTATIONS[(number + 2 * turn) % 10], faces
        for number, form in enumerate(FORMS):
            plain = [size for size in PLAIN if drawn.fits(size, form)]
            size, orientation = plain[(number + turn) % len(plain)], ORIENTATIONS[(number + 3 * turn) % 10]
            yield way, size, form, orientation, ROUND[(number // 2 + turn) % 6]


ROWS = list(dict.fromkeys(rows()))


def marks(row):
    """Every form goes all ways, every size a third of them: the others come with what is long."""
    way, size, *_ = row
    return [pytest.mark.long] if size in SIZES and (SIZES.index(size) + WAYS.index(way)) % 3 else []


@pytest.fixture(scope="module")
def doors(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    settings = Settings(data_dir=folder / "data", models_dir=folder / "models", user="tester")
    store = open_store(settings)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FERCORE_DATA_DIR", str(settings.data_dir))
        patch.setenv("FERCORE_MODELS_DIR", str(settings.models_dir))
        yield Doors(store, folder / "given", patch)
    store.database.close()


@pytest.mark.parametrize(("axis", "values"), [(1, SIZES), (2, FORMS), (3, ORIENTATIONS), (4, FACES)])
def test_every_way_in_meets_every_value(axis, values):
    met = {(row[0], row[axis]) for row in ROWS}
    assert [(way, value) for way in WAYS for value in values if (way, value) not in met] == []


@pytest.mark.parametrize(
    ("way", "size", "form", "orientation", "faces"),
    [pytest.param(*row, id=" ".join(map(str, row)).replace(", ", "x"), marks=marks(row)) for row in ROWS],
)
def test_picture(doors, way, size, form, orientation, faces):
    if form == "heic":
        pytest.importorskip("pillow_heif").register_heif_opener()
    image, wanted = drawn.picture(size, faces)
    result = getattr(doors, way)(drawn.file_of(image, form, orientation))
    if result is None or wanted is None:
        return  # a picture that is one face, or faces that are too small to be found
    if way == "preview":
        wanted = min(wanted, 3)
    assert wanted - wanted // 10 <= result <= wanted + wanted // 10


def test_each_photo_of_a_command_stands_alone(doors, tmp_path):
    image, _ = drawn.picture((640, 480), 1)
    good, empty = doors.put(drawn.file_of(image, "jpeg"), "good.jpg"), doors.put(b"", "bad.jpg")
    gone = tmp_path / "gone.jpg"
    result = doors.commanded(empty, good, gone, tmp_path)
    assert [(photo["photo"], len(photo["faces"]), photo.get("error")) for photo in result] == [
        (str(empty), 0, "The file is empty."),
        (str(good), 1, None),
        (str(gone), 0, f"'{gone}' cannot be read: No such file or directory."),
        (str(tmp_path), 0, f"'{tmp_path}' cannot be read: it is not a file."),
    ]
    assert doors.code == 2 and len(doors.told.splitlines()) == 3 and f"{empty}: The file is empty." in doors.told
    assert len(doors.commanded(good)[0]["faces"]) == 1 and (doors.code, doors.told) == (0, "")
