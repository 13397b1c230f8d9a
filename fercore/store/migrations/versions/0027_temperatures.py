"""Runs keep the temperature that was fitted on validation faces."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Apply."""
    op.add_column("runs", sa.Column("temperature", sa.JSON(none_as_null=True)))
