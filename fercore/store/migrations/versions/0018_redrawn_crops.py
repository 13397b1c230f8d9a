"""Redrawn crops know the tasks that they left when they were withdrawn, and the other actions that drew them."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Apply; of crops that were withdrawn before, no tasks are known."""
    op.add_column("recuts", sa.Column("tasks", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("recuts", sa.Column("also", sa.JSON(), nullable=False, server_default="[]"))
