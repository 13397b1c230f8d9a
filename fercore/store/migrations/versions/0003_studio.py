"""Sweeps, notes and tags of runs, recall by emotion, and where in the queue and on which devices a job runs."""

import sqlalchemy as sa
from alembic import op

from fercore.store.tables.base import Utc

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Apply; older jobs keep the order in which they came, older runs have no notes."""
    op.create_table(
        "sweeps",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("created_at", Utc(), nullable=False),
    )
    with op.batch_alter_table("runs") as runs:
        runs.add_column(sa.Column("sweep_id", sa.Integer(), nullable=True))
        runs.add_column(sa.Column("note", sa.String(), nullable=False, server_default=""))
        runs.add_column(sa.Column("tags", sa.JSON(), nullable=False, server_default="[]"))
        runs.create_foreign_key("fk_runs_sweep", "sweeps", ["sweep_id"], ["id"], ondelete="SET NULL")
        runs.create_index("ix_runs_sweep_id", ["sweep_id"], unique=False)
    with op.batch_alter_table("epochs") as epochs:
        epochs.add_column(sa.Column("recalls", sa.JSON(), nullable=True))
        epochs.add_column(sa.Column("compile_seconds", sa.Double(), nullable=True))
        epochs.add_column(sa.Column("memory_mb", sa.Double(), nullable=True))
    with op.batch_alter_table("jobs") as jobs:
        jobs.add_column(sa.Column("position", sa.Double(), nullable=False, server_default="0"))
        jobs.add_column(sa.Column("gpus", sa.Integer(), nullable=False, server_default="1"))
        jobs.add_column(sa.Column("devices", sa.String(length=100), nullable=True))
        jobs.add_column(sa.Column("engine", sa.String(length=10), nullable=False, server_default="local"))
        jobs.add_column(sa.Column("handle", sa.String(), nullable=True))
    op.execute("UPDATE jobs SET position = id")
