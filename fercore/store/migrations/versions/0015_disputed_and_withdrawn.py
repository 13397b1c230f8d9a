"""Faces know that their votes differ, whatever label the rule gives; withdrawn crops have a state of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

# Votes that reject say the same, for whatever reason; without a ruling that settles them, they differ.
_ANSWER = "CASE WHEN v.kind = 'rejected' THEN -1 ELSE v.emotion END"
_WITHDRAWN = """
UPDATE faces SET state = 'withdrawn', emotion = NULL, reason = NULL
WHERE id IN (SELECT face_id FROM recuts WHERE withdrawn)
"""
_DISPUTED = f"""
UPDATE faces SET disputed = true WHERE id IN (
    SELECT v.face_id FROM votes v
    WHERE NOT EXISTS (SELECT 1 FROM rulings r WHERE r.face_id = v.face_id AND r.kind <> 'unsure')
      AND NOT EXISTS (SELECT 1 FROM recuts c WHERE c.face_id = v.face_id AND c.withdrawn)
    GROUP BY v.face_id
    HAVING COUNT(DISTINCT {_ANSWER}) > 1 OR SUM(CASE WHEN v.kind = 'unsure' THEN 1 ELSE 0 END) > 0
)
"""


def upgrade() -> None:
    """Apply, and mark the faces on which votes differ already."""
    op.add_column("faces", sa.Column("disputed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(_DISPUTED)
    op.execute(_WITHDRAWN)
    one, true = sa.text("disputed = 1"), sa.text("disputed")
    op.create_index("ix_faces_disputed", "faces", ["dataset_id", "id"], sqlite_where=one, postgresql_where=true)
