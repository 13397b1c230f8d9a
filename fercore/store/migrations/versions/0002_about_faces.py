"""Facts of sources about persons and annotators, quality of crops, and the detector's checks."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Apply; older faces have none of it, which every reader of these columns takes for unknown."""
    with op.batch_alter_table("faces") as faces:
        faces.add_column(sa.Column("gender", sa.String(length=10), nullable=True))
        faces.add_column(sa.Column("age", sa.Integer(), nullable=True))
        faces.add_column(sa.Column("professional", sa.Boolean(), nullable=True))
        faces.add_column(sa.Column("annotators", sa.JSON(), nullable=True))
        faces.add_column(sa.Column("sharpness", sa.Double(), nullable=True))
        faces.add_column(sa.Column("brightness", sa.Double(), nullable=True))
        faces.add_column(sa.Column("contrast", sa.Double(), nullable=True))
        faces.add_column(sa.Column("eyes", sa.Integer(), nullable=True))
        faces.add_column(sa.Column("skin", sa.Double(), nullable=True))
        faces.add_column(sa.Column("inside", sa.Double(), nullable=True))
        faces.add_column(sa.Column("covered", sa.Double(), nullable=True))
        faces.add_column(sa.Column("doubtful", sa.Boolean(), nullable=True))
    with op.batch_alter_table("photos") as photos:
        photos.add_column(sa.Column("stamp", sa.String(length=40), nullable=True))
        photos.add_column(sa.Column("subject", sa.String(), nullable=True))
    with op.batch_alter_table("snapshots") as snapshots:
        snapshots.add_column(sa.Column("purged", sa.Integer(), nullable=False, server_default="0"))
    op.create_index("ix_photos_subject", "photos", ["subject"], unique=False)
    op.create_index("ix_faces_subject", "faces", ["subject"], unique=False)
