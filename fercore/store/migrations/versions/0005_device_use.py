"""The use of the device in each epoch."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Apply; of older epochs it is not known."""
    with op.batch_alter_table("epochs") as epochs:
        epochs.add_column(sa.Column("device_use", sa.Double(), nullable=True))
