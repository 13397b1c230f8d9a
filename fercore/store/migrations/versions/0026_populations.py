"""Datasets say whose faces they show; those of known sources are set."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

KNOWN = {"fer2013": "western", "ckplus": "western", "jaffe": "east asian", "aihub": "east asian"}


def upgrade() -> None:
    """Apply."""
    op.add_column("datasets", sa.Column("population", sa.String(20)))
    datasets = sa.table("datasets", sa.column("source"), sa.column("population"))
    for source, population in KNOWN.items():
        op.execute(sa.update(datasets).where(datasets.c.source == source).values(population=population))
