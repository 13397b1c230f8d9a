"""Faces are sent to review from a confusion cell: the reason is kept, and figures counted since tell of it."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Apply; nothing was selected before."""
    op.create_table(
        "selections",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("task_id", sa.Integer(), sa.ForeignKey("tasks.id", ondelete="SET NULL"), nullable=True),
        sa.Column("dataset_id", sa.Integer(), sa.ForeignKey("datasets.id", ondelete="CASCADE"), nullable=False),
        sa.Column("split", sa.String(10), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("evaluation_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.Integer(), nullable=False),
        sa.Column("predicted", sa.Integer(), nullable=False),
        sa.Column("filter", sa.JSON(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(100), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_selections_place", "selections", ["dataset_id", "split"])
    op.create_index("ix_selections_task_id", "selections", ["task_id"])
    selection = sa.ForeignKey("selections.id", ondelete="CASCADE")
    op.create_table(
        "selection_faces",
        sa.Column("selection_id", sa.Integer(), selection, primary_key=True),
        sa.Column("face_id", sa.Integer(), sa.ForeignKey("faces.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("label", sa.Integer(), nullable=False),
        sa.Column("control", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_selection_faces_face_id", "selection_faces", ["face_id"])
    op.add_column("evaluations", sa.Column("selected_by", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("tasks", sa.Column("anew", sa.Boolean(), nullable=False, server_default=sa.false()))
