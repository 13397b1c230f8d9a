"""What users hand over: pictures, trees, archives and tables, made as they have them."""

import io
import tarfile

import numpy as np
from PIL import Image

from fercore.services.datasets import imports
from fercore.services.datasets.imports import ImportRequest
from tests.faces.pictures import encoded
from tests.pictures.drawn import file_of, picture
from tests.services.datasets.test_imports import row


def png(number=0):
    return encoded(Image.fromarray(np.random.default_rng(number).integers(0, 256, (48, 48), np.uint8)))


def portrait():
    return file_of(picture((320, 240), 1)[0], "jpeg")


def put(root, files):
    for name, data in files.items():
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return root


def imported(store, source, path, **options):
    return imports.import_source(store, ImportRequest(source, path, "D", **options))


def tarred(path, files, mode="w:gz"):
    with tarfile.open(path, mode) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def splits(report):
    return {split: sum(counts.values()) for split, counts in report.counts.items() if sum(counts.values())}


FER = ("emotion,pixels,Usage\n" + "".join(row(code, code) + "\n" for code in (0, 3, 4))).encode()
WITHOUT_USAGE = b"\n".join(line.rpartition(b",")[0] for line in FER.splitlines()) + b"\n"
