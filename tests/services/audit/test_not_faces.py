"""Pictures that are no face, among the faces of a dataset."""

import numpy as np
import pytest

from fercore.curation.votes import FaceState
from fercore.drawing.faces import dataset as drawn
from fercore.drawing.styles import Style
from fercore.errors import NotFoundError
from fercore.faces.pixels import pixel_hash
from fercore.services.audit import not_faces
from fercore.store.tables import Face
from tests.services.audit.planted import put

BLANK = np.zeros((48, 48), np.uint8)


def test_bad_pictures_come_first(store):
    faces = drawn(Style.WEST, 10, 0)[0]
    put(store, "D", [*faces, BLANK], labels=[3] * len(faces) + [None])
    (bad,) = put(store, "D", [BLANK + 90], "test")
    steps = []
    audit = not_faces.audit(store, "D", progress=lambda *step: steps.append(step))
    first = audit.findings[:2]
    assert len(audit.findings) == 72 and audit.rejected == 0
    assert [(each.split, each.label, str(each.kind), each.is_finding) for each in first] == [
        ("train", None, "blank", True),
        ("test", "Happy", "blank", True),
    ]
    assert first[1].face == bad and first[1].pixels == pixel_hash(BLANK + 90)
    assert audit.counts["blank"] == 2 and audit.count == sum(each.is_finding for each in audit.findings)
    assert steps[-1] == (72, 72, "Comparing with faces")


def test_a_split_alone_and_rejected_faces_left_out(lite):
    put(lite, "D", [BLANK, *drawn(Style.WEST, 2, 0)[0]])
    bad, other = put(lite, "D", [BLANK + 90, BLANK + 91], "test")
    with lite.database.writing() as session:
        session.get_one(Face, other).state = FaceState.REJECTED
    audit = not_faces.audit(lite, "D", "test")
    assert [each.face for each in audit.findings] == [bad] and audit.rejected == 1
    assert not_faces.audit(lite, "D", "validation").findings == ()
    printed = not_faces.as_json(audit)
    assert printed["findings"] == [
        {
            "pixels": pixel_hash(BLANK + 90),
            "split": "test",
            "label": "Happy",
            "kind": "blank",
            "score": audit.findings[0].score,
            "face": bad,
            "is_finding": True,
        }
    ]
    with pytest.raises(NotFoundError):
        not_faces.audit(lite, "nothing")
