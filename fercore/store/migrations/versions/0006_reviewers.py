"""The people who review."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Apply; who has decided before is on the list."""
    op.create_table(
        "reviewers",
        sa.Column("name", sa.String(length=100), primary_key=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.execute(
        "INSERT INTO reviewers (name, added_at) SELECT reviewer, MIN(decided_at) FROM decisions GROUP BY reviewer"
    )
