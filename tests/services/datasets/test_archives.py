"""Archives that users hand over: compressed ones, links, bombs, what is cut short or is no archive."""

import gzip
import io
import tarfile

import numpy as np
import pytest

from fercore.errors import InputError, UnreadableSourceError
from fercore.services.datasets import extraction, imports
from fercore.services.datasets.extraction import ExtractRequest
from fercore.services.datasets.imports import ImportRequest
from fercore.services.review import recrop
from fercore.store.tables import Face
from tests.faces.pictures import encoded, zipped
from tests.pictures.drawn import picture
from tests.services.datasets.handed_over import FER, imported, png, portrait, put, tarred


class TestArchives:
    @pytest.mark.parametrize("name", ["fer2013.tar.gz", "fer2013.csv", "fer2013.tar", "x"])
    def test_fer2013_as_it_is_downloaded(self, lite, tmp_path, name):
        files = {"fer2013/fer2013.csv": FER, "fer2013/README": b"hello", "fer2013/fer2013.bib": b"@misc{}"}
        plain = name.endswith((".csv", ".tar"))
        report = imported(lite, "fer2013", tarred(tmp_path / name, files, "w" if plain else "w:gz"))
        assert report.added == 3 and "2 files by ending" in report.notices[0]["why"]

    @pytest.mark.parametrize("source", ["folder", "ckplus", "jaffe"])
    def test_pictures_in_a_tar(self, lite, tmp_path, source):
        name = "KA.HA1.29.tiff" if source == "jaffe" else "S010_004_1.tiff"
        data = encoded(picture((256, 256), 1)[0], "TIFF")
        report = imported(lite, source, tarred(tmp_path / "a.tar.gz", {f"happy/{name}": data}))
        assert report.added == 1

    def test_photos_of_a_tar_are_opened_again(self, lite, tmp_path):
        path = tarred(tmp_path / "a.tar.gz", {"./x/기쁨.jpg": portrait(), "./x/b.jpg": portrait()})
        assert extraction.extract(lite, ExtractRequest(path, "D")).faces == 2
        with lite.database.reading() as session:
            numbers = [face.id for face in session.query(Face)]
        assert all("picture" in recrop.photo(lite, number) for number in numbers)

    @pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE])
    def test_links_in_a_tar_are_not_followed(self, lite, tmp_path, kind):
        path = tmp_path / "a.tar"
        with tarfile.open(path, "w") as archive:
            good = tarfile.TarInfo("happy/1.png")
            good.size = len(png())
            archive.addfile(good, io.BytesIO(png()))
            link = tarfile.TarInfo("happy/2.png")
            link.type, link.linkname = kind, "/etc/passwd"
            archive.addfile(link)
        report = imported(lite, "folder", path)
        assert report.added == 1 and "1 file by link" in report.notices[0]["why"]

    @pytest.mark.parametrize("name", ["../x.png", "/etc/x.png", "a/../../x.png", "C:/x.png"])
    def test_a_tar_that_points_outside_is_refused(self, lite, tmp_path, name):
        with pytest.raises(UnreadableSourceError, match="outside of itself"):
            imported(lite, "folder", tarred(tmp_path / "a.tar.gz", {"happy/1.png": png(), name: png()}))

    def test_a_bomb_of_a_tar_is_refused(self, lite, tmp_path, monkeypatch):
        from fercore.faces import tarballs

        monkeypatch.setattr(tarballs, "ALWAYS_ALLOWED", 2**20)
        with pytest.raises(UnreadableSourceError, match="would unpack to more than"):
            imported(lite, "folder", tarred(tmp_path / "a.tar.gz", {"happy/1.png": bytes(30 * 2**20)}))

    @pytest.mark.parametrize("form", ["tar", "tar.gz"])
    def test_a_tar_cut_short_or_spoilt_is_a_sentence(self, lite, tmp_path, form):
        files = {f"happy/{n}.png": png(n) for n in range(20)}
        data = tarred(tmp_path / "whole", files, "w:gz" if form == "tar.gz" else "w").read_bytes()
        rng = np.random.default_rng(5)
        for number in range(30):
            spoilt = bytearray(data[: rng.integers(600, len(data))] if number % 2 else data)
            for place in rng.integers(0, len(spoilt), 5):
                spoilt[place] = rng.integers(256)
            path = tmp_path / f"{number}.{form}"
            path.write_bytes(spoilt)
            try:
                imports.import_source(lite, ImportRequest("folder", path, f"D{number}", skip_bad=True))
            except InputError as error:
                assert "\n" not in str(error)

    def test_a_folder_in_a_zip_may_end_in_a_colon(self, lite, tmp_path):
        assert imported(lite, "folder", zipped(tmp_path / "a.zip", {"set:/happy/1.png": png()})).added == 1

    @pytest.mark.parametrize(
        ("source", "make", "sentence"),
        [
            pytest.param("fer2013", lambda p: zipped(p, {"xl/workbook.xml": b"x"}), "an Excel file", id="Excel"),
            pytest.param(
                "folder", lambda p: zipped(p, {"in.zip": b"PK"}), "'in.zip', which is an archive", id="zip in zip"
            ),
            pytest.param(
                "fer2013", lambda p: p.write_bytes(gzip.compress(b"\0\x1b[2Jx,y\n1,2\n")), "no column", id="bytes"
            ),
        ],
    )
    def test_the_wrong_file_is_named_for_what_it_is(self, lite, tmp_path, source, make, sentence):
        make(tmp_path / "a.zip")
        with pytest.raises(InputError, match=sentence):
            imported(lite, source, tmp_path / "a.zip")

    def test_a_video_under_a_picture_s_name(self, lite, tmp_path):
        data = b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + bytes(100)
        root = put(tmp_path / "in", {"a.jpg": data, "b.png": png(1)})
        report = extraction.extract(lite, ExtractRequest(root, "D"))
        assert "is a video, not a picture" in report.unreadable[0]["why"]
