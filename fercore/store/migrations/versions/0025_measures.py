"""Evaluations keep their measures with intervals, also without the faces that their run has learned."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Apply."""
    op.add_column("evaluations", sa.Column("measures", sa.JSON(none_as_null=True)))
