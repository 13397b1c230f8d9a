"""Faces carry training weights, snapshots freeze them, and a run can continue another."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    """Apply; all earlier faces count alike, and no earlier run continues another."""
    op.add_column("faces", sa.Column("weight", sa.Double(), nullable=True))
    op.add_column("snapshot_faces", sa.Column("weight", sa.Double(), nullable=True))
    op.add_column("datasets", sa.Column("weighings", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("runs") as runs:
        runs.add_column(sa.Column("continues", sa.Integer(), nullable=True))
        runs.create_foreign_key("fk_runs_continues", "runs", ["continues"], ["id"])
        runs.create_index("ix_runs_continues", ["continues"])
