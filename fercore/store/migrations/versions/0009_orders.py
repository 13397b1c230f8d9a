"""Orders of faces that are worked out once, runs' opinions, and whether one was shown to who decided."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Apply; no opinion was ever shown before."""
    op.create_table(
        "orderings",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("dataset_id", sa.Integer(), sa.ForeignKey("datasets.id", ondelete="CASCADE"), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("run_id", sa.Integer(), sa.ForeignKey("runs.id", ondelete="CASCADE"), nullable=True),
        sa.Column("stamp", sa.String(length=60), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("dataset_id", "name", "run_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_orderings_run_id", "orderings", ["run_id"])
    op.create_table(
        "ordered_faces",
        sa.Column("ordering_id", sa.Integer(), sa.ForeignKey("orderings.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("place", sa.Integer(), primary_key=True),
        sa.Column("face_id", sa.Integer(), nullable=False),
    )
    op.create_table(
        "opinions",
        sa.Column("run_id", sa.Integer(), sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("face_id", sa.Integer(), sa.ForeignKey("faces.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("probabilities", sa.LargeBinary(), nullable=False),
    )
    op.create_index("ix_opinions_face_id", "opinions", ["face_id"])
    op.create_index("ix_task_faces_wanted", "task_faces", ["task_id", "wanted"])
    with op.batch_alter_table("decisions") as decisions:
        decisions.add_column(sa.Column("advisor", sa.Integer(), nullable=True))
