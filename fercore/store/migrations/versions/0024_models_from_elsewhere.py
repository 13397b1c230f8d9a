"""Models from elsewhere: runs without a snapshot, and evaluations whose predictions came in a file."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Apply; all earlier runs were trained here."""
    with op.batch_alter_table("runs") as runs:
        runs.alter_column("snapshot_id", existing_type=sa.Integer(), nullable=True)
        runs.add_column(sa.Column("elsewhere", sa.String(length=100), nullable=True))
        runs.create_unique_constraint("uq_runs_elsewhere", ["elsewhere"])
    with op.batch_alter_table("evaluations") as evaluations:
        evaluations.add_column(sa.Column("imported", sa.JSON(), nullable=True))
