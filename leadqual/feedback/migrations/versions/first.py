"""The first schema of the feedback ledger: one table of events."""

from __future__ import annotations

import sqlalchemy as sa
from alembic.operations import Operations

__all__ = ["downgrade", "upgrade"]

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade(op: Operations) -> None:
    """Make the table of events."""
    op.create_table(
        "leadqual_feedback_event",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("key", sa.String(64), nullable=False, unique=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("lead", sa.String(200), nullable=False, index=True),
        sa.Column("at", sa.String(32), nullable=False),
        sa.Column("known_at", sa.String(32), nullable=False, index=True),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("corrects", sa.String(64), nullable=False),
        if_not_exists=True,
    )


def downgrade(op: Operations) -> None:  # noqa: ARG001  # alembic's signature
    """Refuse: what happened is not thrown away."""
    raise RuntimeError("the feedback ledger keeps what happened; back it up and delete it by hand.")
