"""Datasets and people can be renamed, people retired."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Apply; nothing was renamed before."""
    op.add_column("datasets", sa.Column("known_as", sa.String(100), nullable=True))
    op.add_column("reviewers", sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("reviewers", sa.Column("renamed_to", sa.String(100), nullable=True))
