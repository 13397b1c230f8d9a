"""A snapshot may hold the validation faces of datasets that it does not learn."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Apply."""
    op.add_column("snapshots", sa.Column("validation_from", sa.JSON(), nullable=False, server_default="[]"))
