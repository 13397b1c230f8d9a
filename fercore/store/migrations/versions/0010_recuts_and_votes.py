"""Faces that were cut anew by hand, and what was voted on the faces of a snapshot."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Apply; no face was cut anew before, and older snapshots know no votes."""
    op.create_table(
        "recuts",
        sa.Column("face_id", sa.Integer(), sa.ForeignKey("faces.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("replaces", sa.Integer(), sa.ForeignKey("faces.id", ondelete="CASCADE"), nullable=False),
        sa.Column("action", sa.String(length=36), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.create_index("ix_recuts_replaces", "recuts", ["replaces"])
    op.create_index("ix_recuts_action", "recuts", ["action"])
    op.add_column("snapshot_faces", sa.Column("votes", sa.LargeBinary(), nullable=True))
