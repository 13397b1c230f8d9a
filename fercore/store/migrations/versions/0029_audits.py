"""Audits, their findings, and verdicts on pairs of faces; snapshots with a record; recorded releases.

Faces are sent to review by audits, too, which no run chose.
"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    """Apply; earlier snapshots have no record."""
    op.create_table(
        "audits",
        sa.Column("id", sa.Integer(), primary_key=True),
        *(sa.Column(name, sa.JSON(), nullable=False) for name in ("datasets", "request", "checks")),
        sa.Column("content", sa.String(64), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("faces", "rejected", "after")),
        sa.Column("created_by", sa.String(100), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
    )
    op.create_index("ix_audits_content", "audits", ["content"])
    _findings()
    op.create_table(
        "pair_verdicts",
        *(_face(name, primary_key=True) for name in ("face_id", "other_id")),
        sa.Column("reviewer", sa.String(100), primary_key=True),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_pair_verdicts_other", "pair_verdicts", ["other_id"])
    op.create_table(
        "releases",
        sa.Column("name", sa.String(100), primary_key=True),
        sa.Column("splits", sa.JSON(), nullable=False),
        sa.Column("pictures", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.add_column("snapshots", sa.Column("record", sa.JSON(), nullable=True))
    with op.batch_alter_table("selections") as selections:
        selections.alter_column("run_id", existing_type=sa.Integer(), nullable=True)


def _findings() -> None:
    audit = sa.ForeignKey("audits.id", ondelete="CASCADE")
    op.create_table(
        "findings",
        sa.Column("audit_id", sa.Integer(), audit, primary_key=True),
        sa.Column("kind", sa.String(20), primary_key=True),
        sa.Column("control", sa.Boolean(), primary_key=True),
        sa.Column("rank", sa.Integer(), primary_key=True),
        _face("face_id"),
        _face("other_id", nullable=True),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in ("label", "suggested", "cluster")),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("detail", sa.String(20), nullable=True),
    )
    op.create_index("ix_findings_face", "findings", ["face_id"])
    op.create_index("ix_findings_other", "findings", ["other_id"])


def _face(name: str, nullable: bool = False, primary_key: bool = False) -> "sa.Column[int]":
    face = sa.ForeignKey("faces.id", ondelete="CASCADE")
    return sa.Column(name, sa.Integer(), face, nullable=nullable, primary_key=primary_key)
