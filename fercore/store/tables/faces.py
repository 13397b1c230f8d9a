"""Datasets, their imports, photos and faces."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from fercore.store.tables.base import Base


class Dataset(Base):
    """The faces of one source; `rule` says how votes become a label.

    `known_as` is the first name of a dataset that was renamed: the study's tables know it by that. `former` are all
    names that it had before: files of decisions may say one of them. `population` says whose faces it shows, if known.
    `weighings` counts how often weights of its faces were set.
    """

    __tablename__ = "datasets"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    source: Mapped[str] = mapped_column(String(30))
    rule: Mapped[str] = mapped_column(String(10), default="latest", server_default="latest")
    created_at: Mapped[datetime]
    known_as: Mapped[str | None] = mapped_column(String(100))
    former: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    population: Mapped[str | None] = mapped_column(String(20))
    weighings: Mapped[int] = mapped_column(default=0, server_default="0")


class Import(Base):
    """One import or extraction into a dataset; undone as a whole."""

    __tablename__ = "imports"
    id: Mapped[int] = mapped_column(primary_key=True)
    dataset_id: Mapped[int] = mapped_column(ForeignKey("datasets.id", ondelete="CASCADE"), index=True)
    source: Mapped[str] = mapped_column(String(30))
    path: Mapped[str]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    added: Mapped[int] = mapped_column(default=0)
    skipped: Mapped[list[Any]] = mapped_column(default=list)


class Photo(Base):
    """A source picture; `path` is a copy in the data folder (by content) or a place on the server.

    `stamp` tells an untouched file without reading it again.
    """

    __tablename__ = "photos"
    __table_args__ = (UniqueConstraint("dataset_id", "name", "sha256"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    dataset_id: Mapped[int] = mapped_column(ForeignKey("datasets.id", ondelete="CASCADE"))
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    stamp: Mapped[str | None] = mapped_column(String(40))
    subject: Mapped[str | None] = mapped_column(index=True)
    path: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    faces: Mapped[int]


class Face(Base):
    """One 48×48 gray crop, its provenance, and the label its decisions add up to.

    `eyes`, `skin`, `inside`, `covered` and `doubtful` are what `faces/checks.py` found; `age` is a decade. It is
    `disputed` while its votes differ, whatever label the rule gives; the state "disputed" says that it gives none.
    `weight` is that in a training; None is 1.
    """

    __tablename__ = "faces"
    __table_args__ = (
        UniqueConstraint("dataset_id", "identity"),
        Index("ix_faces_counts", "dataset_id", "split", "emotion", "state"),
        Index("ix_faces_dataset", "dataset_id", "id"),  # a page of a million faces, in their order
        Index("ix_faces_pixel_hash", "pixel_hash"),
        Index("ix_faces_import", "import_id"),
        Index("ix_faces_photo", "photo_id"),
        Index("ix_faces_subject", "subject"),
        Index(
            "ix_faces_disputed",
            "dataset_id",
            "id",
            sqlite_where=text("disputed = 1"),
            postgresql_where=text("disputed"),
        ),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    dataset_id: Mapped[int] = mapped_column(ForeignKey("datasets.id", ondelete="CASCADE"))
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"))
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("photos.id", ondelete="CASCADE"))
    identity: Mapped[str]
    split: Mapped[str] = mapped_column(String(10))
    source_emotion: Mapped[int | None]
    source_word: Mapped[str]
    subject: Mapped[str | None]
    pixel_hash: Mapped[str] = mapped_column(String(64))
    box: Mapped[list[Any] | None]
    detector: Mapped[str | None] = mapped_column(String(20))
    score: Mapped[float | None]
    gender: Mapped[str | None] = mapped_column(String(10))
    age: Mapped[int | None]
    professional: Mapped[bool | None]
    annotators: Mapped[list[Any] | None]
    sharpness: Mapped[float | None]
    brightness: Mapped[float | None]
    contrast: Mapped[float | None]
    eyes: Mapped[int | None]
    skin: Mapped[float | None]
    inside: Mapped[float | None]
    covered: Mapped[float | None]
    doubtful: Mapped[bool | None]
    emotion: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(10), default="undecided")
    reason: Mapped[str | None] = mapped_column(String(20))
    disputed: Mapped[bool] = mapped_column(server_default=false())
    weight: Mapped[float | None]


class Recrop(Base):
    """A face that was drawn by hand: cut anew from the photo of another, which it `replaces`, and which `action`
    rejected; or one that the detector missed, which replaces none.

    Where the action was undone it is `withdrawn`: it counts nowhere, whatever was said of it; snapshots keep it.
    `also` are actions of people who drew nearly the same box later: it stands while one of them does. `tasks` are those
    that it left when it was withdrawn, as (task, people wanted, kind).
    """

    __tablename__ = "recuts"
    face_id: Mapped[int] = mapped_column(ForeignKey("faces.id", ondelete="CASCADE"), primary_key=True)
    replaces: Mapped[int | None] = mapped_column(ForeignKey("faces.id", ondelete="CASCADE"), index=True)
    action: Mapped[str] = mapped_column(String(36), index=True)
    withdrawn: Mapped[bool] = mapped_column(default=False, server_default=false())
    tasks: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    also: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")


class Pixels(Base):
    """2,304 gray bytes, row by row."""

    __tablename__ = "pixels"
    face_id: Mapped[int] = mapped_column(ForeignKey("faces.id", ondelete="CASCADE"), primary_key=True)
    gray: Mapped[bytes]


class FaceContext(Base):
    """A colour JPEG of the face's surroundings in its photo."""

    __tablename__ = "contexts"
    face_id: Mapped[int] = mapped_column(ForeignKey("faces.id", ondelete="CASCADE"), primary_key=True)
    jpeg: Mapped[bytes]
