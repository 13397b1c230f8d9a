"""Review tasks, their faces, and who has them."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "tasks",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("dataset_id", sa.Integer(), sa.ForeignKey("datasets.id", ondelete="CASCADE"), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("instructions", sa.String(), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("blind", sa.Boolean(), nullable=False),
        sa.Column("ready", sa.Boolean(), nullable=False),
        sa.Column("created_by", sa.String(length=100), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index("ix_tasks_dataset_id", "tasks", ["dataset_id"])
    op.create_table(
        "task_faces",
        _task(),
        _face(),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("open", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
    )
    some = sa.text("open > 0")
    op.create_index("ix_task_faces_open", "task_faces", ["task_id", "place"], sqlite_where=some, postgresql_where=some)
    op.create_index("ix_task_faces_face", "task_faces", ["face_id"])
    op.create_table(
        "leases",
        _task(),
        _face(),
        sa.Column("reviewer", sa.String(length=100), primary_key=True),
        sa.Column("holder", sa.String(length=36), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index("ix_leases_reviewer", "leases", ["task_id", "reviewer", "decided_at"])
    op.create_index("ix_leases_face", "leases", ["face_id"])


def _task() -> "sa.Column[int]":
    return sa.Column("task_id", sa.Integer(), sa.ForeignKey("tasks.id", ondelete="CASCADE"), primary_key=True)


def _face() -> "sa.Column[int]":
    return sa.Column("face_id", sa.Integer(), sa.ForeignKey("faces.id", ondelete="CASCADE"), primary_key=True)
