"""Faces are sent to review for other reasons than a confusion cell: mistakes of runs, and training dynamics."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Apply; all earlier selections are of cells."""
    with op.batch_alter_table("selections") as selections:
        for name in ("evaluation_id", "label", "predicted"):
            selections.alter_column(name, existing_type=sa.Integer(), nullable=True)
        selections.add_column(sa.Column("reason", sa.String(length=20), nullable=False, server_default="cell"))
        selections.add_column(sa.Column("runs", sa.JSON(), nullable=False, server_default="[]"))
