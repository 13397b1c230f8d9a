"""Evaluations are kept beside each other, each with the hash of its labels; runs record how they were made."""

from collections import defaultdict
from typing import Any

import sqlalchemy as sa
from alembic import op

from fercore.evaluation.labels import labels_hash
from fercore.store.tables import base

revision = "0013"
down_revision = "0012"
COLUMNS = ("id", "run_id", "dataset_id", "split", "n", "accuracy", "confusion", "created_at")


def upgrade() -> None:
    """Apply; what is known of earlier evaluations is worked out from their predictions."""
    op.add_column("runs", sa.Column("record", sa.JSON(), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        _copy_without_constraint()
    else:
        constraint = sa.inspect(op.get_bind()).get_unique_constraints("evaluations")[0]["name"]
        op.drop_constraint(str(constraint), "evaluations", type_="unique")
        op.add_column("evaluations", sa.Column("labels_hash", sa.String(length=64), server_default="", nullable=False))
        op.add_column("evaluations", sa.Column("recounts", sa.Integer(), nullable=True))
    op.create_index("ix_evaluations_place", "evaluations", ["run_id", "dataset_id", "split"])
    _hash_labels()


def _copy_without_constraint() -> None:
    """SQLite drops no constraint: a table without it takes the old one's place (foreign keys are off meanwhile)."""
    op.create_table(
        "evaluations_kept",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("dataset_id", sa.Integer(), nullable=False),
        sa.Column("split", sa.String(length=10), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("accuracy", sa.Double(), nullable=False),
        sa.Column("confusion", sa.JSON(), nullable=False),
        sa.Column("created_at", base.Utc(), nullable=False),
        sa.Column("labels_hash", sa.String(length=64), server_default="", nullable=False),
        sa.Column("recounts", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["dataset_id"], ["datasets.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    names = ", ".join(COLUMNS)
    op.execute(f"INSERT INTO evaluations_kept ({names}) SELECT {names} FROM evaluations")
    op.drop_table("evaluations")
    op.rename_table("evaluations_kept", "evaluations")


def _hash_labels() -> None:
    connection: Any = op.get_bind()
    counted = connection.execute(
        sa.text(
            "SELECT p.evaluation_id, f.pixel_hash, p.label FROM predictions p JOIN faces f ON f.id = p.face_id "
            "ORDER BY p.evaluation_id"
        )
    )
    labels: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
    for evaluation_id, digest, label in counted:
        labels[evaluation_id].append((digest, label))
    for evaluation_id, pairs in labels.items():
        connection.execute(
            sa.text("UPDATE evaluations SET labels_hash = :digest WHERE id = :id"),
            {"digest": labels_hash(pairs), "id": evaluation_id},
        )
