"""A finished run can be the demo's model, or be shown beside it."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    """Apply; the demo offers every finished run until one is promoted."""
    op.add_column("runs", sa.Column("demo_place", sa.String(10), nullable=True))
