"""The third schema of the feedback ledger: what corrects an event is found without reading the whole ledger."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

__all__ = ["downgrade", "upgrade"]

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_NAME = "ix_leadqual_feedback_event_corrects"


def upgrade() -> None:
    """Make an index of corrections, which are few."""
    some = sa.text("corrects <> ''")
    op.create_index(
        _NAME, "leadqual_feedback_event", ["corrects"], sqlite_where=some, postgresql_where=some, if_not_exists=True
    )


def downgrade() -> None:
    """Let the index go."""
    op.drop_index(_NAME, "leadqual_feedback_event")
