"""Faces that a person adds to a photo: how a test draws one and looks."""

import hashlib

from sqlalchemy import select

from fercore.services.review import grid
from fercore.store.tables import Face, Photo
from tests.services.review.recrops import event, view_of

BOX = [100, 40, 60, 60]


def add(store, box=BOX, **more):
    made = event("add", box=box, **more)
    return made, grid.commit(store, view_of(store), [made])


def newest(store):
    with store.database.reading() as session:
        return session.scalars(select(Face).order_by(Face.id.desc()).limit(1)).one()


def the_photo(store):
    with store.database.reading() as session:
        return session.scalars(select(Photo)).one()


def photograph(store, file, name, path, subject=None):
    with store.database.writing() as session:
        face = session.scalars(select(Face)).first()
        row = Photo(
            dataset_id=face.dataset_id,
            import_id=face.import_id,
            name=name,
            sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
            path=str(path),
            subject=subject,
            width=900,
            height=300,
            faces=0,
        )
        session.add(row)
        session.flush()
        return row.id
