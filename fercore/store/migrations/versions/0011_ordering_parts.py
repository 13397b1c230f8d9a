"""Orders are kept in parts of many faces, and opinions know the face's dataset.

Orders that were kept face by face are worked out anew when asked for.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Apply."""
    op.drop_table("ordered_faces")
    op.execute("DELETE FROM orderings")
    op.create_table(
        "ordering_parts",
        sa.Column("ordering_id", sa.Integer(), sa.ForeignKey("orderings.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("place", sa.Integer(), primary_key=True),
        sa.Column("faces", sa.LargeBinary(), nullable=False),
    )
    if op.get_bind().dialect.name == "postgresql":  # it would try to compress what random numbers do not yield
        op.execute("ALTER TABLE ordering_parts ALTER COLUMN faces SET STORAGE EXTERNAL")
    op.add_column("opinions", sa.Column("dataset_id", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE opinions SET dataset_id = (SELECT faces.dataset_id FROM faces WHERE faces.id = opinions.face_id)"
    )
    with op.batch_alter_table("opinions") as opinions:
        opinions.alter_column("dataset_id", existing_type=sa.Integer(), nullable=False)
    op.create_index("ix_opinions_dataset", "opinions", ["run_id", "dataset_id"])
