"""The fourth schema of the feedback ledger: a key under which accounts are hashed."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic.operations import Operations

__all__ = ["downgrade", "upgrade"]

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade(op: Operations) -> None:
    """Make the key; events of before have no account."""
    table = op.create_table(
        "leadqual_feedback_account_key",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.String(64), nullable=False),
        if_not_exists=True,
    )
    if not op.get_bind().execute(sa.text("SELECT 1 FROM leadqual_feedback_account_key")).first():
        op.get_bind().execute(sa.insert(table), {"id": 1, "key": secrets.token_hex(32)})


def downgrade(op: Operations) -> None:  # noqa: ARG001  # as every migration
    """Refuse: without the key, accounts of new events and old ones would no longer be the same."""
    raise RuntimeError("the feedback ledger keeps the key of its accounts; back it up and delete it by hand.")
