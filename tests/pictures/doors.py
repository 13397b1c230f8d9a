"""The places where a user's picture goes in; each takes a file's bytes and returns how many faces it found."""

import hashlib
import io
import json
from contextlib import redirect_stderr, redirect_stdout
from itertools import count

import numpy as np
from streamlit.testing.v1 import AppTest

from fercore.cli import cli
from fercore.cli.common import CommandContext
from fercore.services.datasets import extraction
from fercore.services.datasets import imports as import_service
from fercore.services.datasets import preview as source_preview
from fercore.services.datasets.extraction import ExtractRequest
from fercore.services.datasets.imports import ImportRequest
from fercore.services.prediction import photos
from fercore.services.review import recrop as recrop_service
from fercore.services.training import snapshots
from fercore.settings import ROOT
from fercore.store.tables import Face, Photo
from fercore.ui.shell import session
from tests.conftest import fill
from tests.pages.conftest import shown_photos
from tests.prediction.onnx_runs import add_run


class Unsure:
    """A model that finds every emotion as likely as any other."""

    def probabilities(self, pixels):
        return np.full((len(pixels), 7), 1 / 7, np.float32)

    def novelty(self, pixels):
        return None


class Doors:
    """One installation with a model, and the ways in."""

    def __init__(self, store, folder, patch):
        self._store, self._folder, self._numbers = store, folder, count()
        fill(store, "D", [0, 1])
        snapshots.freeze(store, "S", ["D"])
        add_run(store, "S")
        patch.setattr(photos, "load", lambda store, run, calibrated=False: Unsure())
        session.store.clear()
        self._page = AppTest.from_file(ROOT / "app.py", default_timeout=120)
        self._page.session_state["language"] = "en"
        self._page.run()
        self._page.switch_page("pages/demo/predict.py").run()
        self._page.toggle[0].set_value(True).run()
        patch.setattr(CommandContext, "store", store)

    def put(self, data, name="얼굴 #1.jpg"):
        """A file in a folder of its own; its name says nothing about what is in it."""
        place = self._folder / str(next(self._numbers)) / "happy" / name
        place.parent.mkdir(parents=True)
        place.write_bytes(data)
        return place

    def imports(self, data):
        """A picture in an emotion's folder is one face, whatever it shows."""
        root = self.put(data).parents[1]
        report = import_service.import_source(self._store, ImportRequest("folder", root, f"i{root.name}"))
        assert (report.added, report.skipped) == (1, [])

    def preview(self, data):
        """What a look at photos shows, before anything is stored."""
        seen = source_preview.preview_photos(self._store, ExtractRequest(self.put(data).parents[1], "x"), seconds=60)
        assert (seen.photos, seen.problems) == (1, 0)
        return len(seen.examples)

    def extract(self, data):
        root = self.put(data).parents[1]
        report = extraction.extract(self._store, ExtractRequest(root, f"e{root.name}"))
        assert (report.photos, report.unreadable) == (1, [])
        return report.faces

    def recrop(self, data):
        """The photo as a box is drawn on it, and the crop of its middle square."""
        place = self.put(data)
        [face_id] = fill(self._store, f"r{place.parents[1].name}", [3])
        with self._store.database.writing() as writing:
            face = writing.get_one(Face, face_id)
            sha256 = hashlib.sha256(data).hexdigest()
            size = {"width": 1, "height": 1, "faces": 1}
            photo = Photo(dataset_id=face.dataset_id, import_id=face.import_id, name="p", sha256=sha256, **size)
            photo.path = str(place)
            writing.add(photo)
            writing.flush()
            face.photo_id = photo.id
        shown = recrop_service.photo(self._store, face_id)
        assert "problem" not in shown, shown
        width, height = shown["size"]
        side = min(width, height)
        if side >= recrop_service.SMALLEST:
            box = [(width - side) // 2, (height - side) // 2, side, side]
            assert recrop_service.cut(self._store, face_id, box).gray.shape == (48, 48)
        return len(shown["found"])

    def page(self, data):
        return self._shown(uploads=[("얼굴 *1*.jpg", data, "image/jpeg")])

    def camera(self, data):
        return self._shown(shot=("shot.jpg", data, "image/jpeg"))

    def command(self, data):
        [photo] = self.commanded(self.put(data))
        return len(photo["faces"])

    def commanded(self, *files):
        """What `predict --json` prints on stdout."""
        out, errors = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(errors):
            self.code = cli.main(["predict", *map(str, files), "--run", "1", "--json"], standalone_mode=False) or 0
        self.told = errors.getvalue()
        return json.loads(out.getvalue())

    def _shown(self, uploads=(), shot=None):
        page = self._page
        page.file_uploader[0].set_value(list(uploads))
        page.camera_input[0].set_value(shot).run()
        assert not page.exception, page.exception
        problems = [box.value for kind in ("warning", "error") for box in page.get(kind)]
        assert not problems, problems
        [photo] = shown_photos(page)
        return len(photo["faces"])
