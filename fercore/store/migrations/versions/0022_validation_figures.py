"""The figures of an epoch on the validation faces are called so."""

from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("epochs") as epochs:
        epochs.alter_column("watch_loss", new_column_name="val_loss")
        epochs.alter_column("watch_accuracy", new_column_name="val_accuracy")
