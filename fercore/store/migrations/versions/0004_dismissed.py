"""Ended jobs that somebody has put away."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Apply; every older job is still shown."""
    with op.batch_alter_table("jobs") as jobs:
        jobs.add_column(sa.Column("dismissed", sa.Boolean(), nullable=False, server_default=sa.false()))
