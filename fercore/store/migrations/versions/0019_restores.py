"""A restore that was committed is known by its token until its files are settled."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Apply."""
    op.create_table("restores", sa.Column("token", sa.String(36), primary_key=True))
