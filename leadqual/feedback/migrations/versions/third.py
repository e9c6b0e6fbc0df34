"""The third schema of the feedback ledger: what corrects an event is found without reading the whole ledger."""

from __future__ import annotations

import sqlalchemy as sa
from alembic.operations import Operations

__all__ = ["downgrade", "upgrade"]

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_NAME = "ix_leadqual_feedback_event_corrects"


def upgrade(op: Operations) -> None:
    """Make an index of corrections, which are few."""
    some = sa.text("corrects <> ''")
    op.create_index(
        _NAME, "leadqual_feedback_event", ["corrects"], sqlite_where=some, postgresql_where=some, if_not_exists=True
    )


def downgrade(op: Operations) -> None:
    """Let the index go."""
    op.drop_index(_NAME, "leadqual_feedback_event")
