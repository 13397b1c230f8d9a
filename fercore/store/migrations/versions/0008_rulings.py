"""Votes that become labels, and rulings where they do not; pages of a dataset found at once."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Apply; labels stay what they are: the latest vote."""
    with op.batch_alter_table("datasets") as datasets:
        datasets.add_column(sa.Column("rule", sa.String(length=10), nullable=False, server_default="latest"))
    with op.batch_alter_table("decisions") as decisions:
        decisions.add_column(sa.Column("adjudicates", sa.Boolean(), nullable=False, server_default=sa.false()))
        decisions.add_column(sa.Column("note", sa.String(), nullable=False, server_default=""))
    op.create_table(
        "rulings",
        sa.Column("face_id", sa.Integer(), sa.ForeignKey("faces.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("emotion", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=20), nullable=True),
    )
    op.create_index("ix_faces_dataset", "faces", ["dataset_id", "id"])
