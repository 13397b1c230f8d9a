"""Faces can be flagged and have notes."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Apply; nothing was flagged before."""
    face = ("faces.id",)
    op.create_table(
        "remarks",
        sa.Column("sequence", sa.Integer(), primary_key=True),
        sa.Column("id", sa.String(36), nullable=False, unique=True),
        sa.Column("action", sa.String(36), nullable=False),
        sa.Column("face_id", sa.Integer(), sa.ForeignKey(*face, ondelete="CASCADE"), nullable=False),
        sa.Column("reviewer", sa.String(100), nullable=False),
        sa.Column("whose", sa.String(100), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("text", sa.String(), nullable=False, server_default=""),
        sa.Column("undoes", sa.String(36), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_remarks_face", "remarks", ["face_id", "sequence"])
    op.create_index("ix_remarks_reviewer", "remarks", ["reviewer", "sequence"])
    op.create_index("ix_remarks_action", "remarks", ["action"])
    op.create_table(
        "marks",
        sa.Column("face_id", sa.Integer(), sa.ForeignKey(*face, ondelete="CASCADE"), primary_key=True),
        sa.Column("reviewer", sa.String(100), primary_key=True),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=True),
    )
    for name, sqlite, postgresql in (
        ("ix_marks_flagged", "flagged = 1", "flagged"),
        ("ix_marks_noted", "note <> ''", "note <> ''"),
    ):
        op.create_index(name, "marks", ["face_id"], sqlite_where=sa.text(sqlite), postgresql_where=sa.text(postgresql))
