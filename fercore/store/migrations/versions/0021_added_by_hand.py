"""A face that is drawn by hand may replace none: the detector missed it."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Apply; until now each such face replaced another."""
    with op.batch_alter_table("recuts") as recuts:
        recuts.alter_column("replaces", existing_type=sa.Integer(), nullable=True)
