"""Maps of noise faces whose points are known."""

import numpy as np

from fercore.services.audit import face_map, map_view
from fercore.services.audit.face_map import MapChoice
from fercore.store.audit import map_files
from tests.conftest import fill

POINTS = [(-1, -1), (-0.5, 0), (0, 0), (0.5, 0), (1, 1)]
LABELS = [3, 3, 5, None, 0]


def known(store, dataset="D"):
    """A map of five faces on known points, two in test; returns it and the faces' numbers."""
    ids = fill(store, dataset, LABELS[:3]) + fill(store, dataset, LABELS[3:], "test", 10)
    choice = MapChoice((dataset,))
    keep(store, choice, ids)
    view = map_view.opened(store, choice)
    assert view is not None
    return view, ids


def keep(store, choice, ids, points=POINTS):
    """Keep a map of these faces as a job would."""
    with store.database.reading() as session:
        from sqlalchemy import select

        from fercore.store.tables import Face

        hashes = dict(session.execute(select(Face.id, Face.pixel_hash)).all())
    digests = np.frombuffer(b"".join(bytes.fromhex(hashes[face]) for face in ids), np.uint8).reshape(-1, 32)
    origin = face_map.origin_of(store, choice)
    made = map_files.MapFile("known", origin, np.array(ids), map_files.keys(digests), np.array(points, np.float32))
    map_files.write(store.maps, made)
