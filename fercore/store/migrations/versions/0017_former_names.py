"""Datasets keep all former names, people the name of their outbox."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Apply; of a dataset that was renamed before, only the first name is known."""
    op.add_column("datasets", sa.Column("former", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("reviewers", sa.Column("outbox", sa.String(140), nullable=True))
    datasets = sa.table("datasets", sa.column("id"), sa.column("known_as"), sa.column("former", sa.JSON()))
    renamed = op.get_bind().execute(
        sa.select(datasets.c.id, datasets.c.known_as).where(datasets.c.known_as.is_not(None))
    )
    for number, first in renamed.all():
        op.execute(datasets.update().where(datasets.c.id == number).values(former=[first]))
