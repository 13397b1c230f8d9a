"""No refusal quotes what a file says: a path on the server may name one that its reader must not see."""

import gzip
import io
import tarfile
import zipfile

import pytest

from fercore.errors import FercoreError
from fercore.services.datasets import extraction, imports, preview
from fercore.services.datasets.extraction import ExtractRequest
from fercore.services.datasets.imports import ImportRequest

SECRET = "hunter2-secret"
SHADOW = f"root:${SECRET}$x:19000:0:99999:7:::\ndaemon:*:19000\n"


def packed(content):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("shadow", content)
        archive.writestr("S005/001/S005_001_00000011_emotion.txt", content)
        archive.writestr("img_emotion_training_data(기쁨).json", f'["{SECRET}", {{"a": "{SECRET}"}}]')
    return file.getvalue()


def tarred(content):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        info = tarfile.TarInfo("shadow.csv")
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content.encode()))
    return file.getvalue()


FILES = {
    "shadow": SHADOW.encode(),
    "shadow.csv": SHADOW.encode(),
    "one line.csv": SECRET.encode(),
    "columns.csv": f"{SECRET},b,c\n1,2,3\n".encode(),
    "list.json": f'["{SECRET}"]'.encode(),
    "object.json": f'{{"token": "{SECRET}"}}'.encode(),
    "words.csv.gz": gzip.compress(SHADOW.encode()),
    "packed.zip": packed(SHADOW),
    "packed.tar.gz": tarred(SHADOW),
    "binary.parquet": b"\0\1" + SECRET.encode(),
    "picture.jpg": SECRET.encode(),
}


@pytest.mark.parametrize("source", ["fer2013", "aihub", "ckplus", "jaffe", "folder", "parquet", "photos"])
@pytest.mark.parametrize("name", FILES)
def test_no_message_quotes_a_file(lite, tmp_path, source, name):
    (tmp_path / name).write_bytes(FILES[name])
    messages = []
    calls = (
        (extraction.extract, preview.preview_photos)
        if source == "photos"
        else (imports.import_source, preview.preview_import)
    )
    for call in calls:
        path = tmp_path / name
        request = ExtractRequest(path, "D") if source == "photos" else ImportRequest(source, path, "D")
        try:
            messages.append(repr(call(lite, request)))
        except FercoreError as error:
            messages.append(str(error) + repr(getattr(error, "faults", "")))
    assert not [message for message in messages if SECRET in message]
