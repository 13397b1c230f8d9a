"""Tasks may hide the source's labels, have a quota and a deadline, and show faces without handing them out."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Apply."""
    op.add_column("tasks", sa.Column("source", sa.String(10), nullable=False, server_default="shown"))
    op.add_column("tasks", sa.Column("quota", sa.Integer(), nullable=True))
    op.add_column("tasks", sa.Column("deadline", sa.Date(), nullable=True))
    op.add_column("leases", sa.Column("offered", sa.Boolean(), nullable=False, server_default=sa.false()))
