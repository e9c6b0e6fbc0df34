"""The second schema of the feedback ledger: people can be forgotten, and stay so."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic.operations import Operations

__all__ = ["downgrade", "upgrade"]

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade(op: Operations) -> None:
    """Make the table of forgotten people's hashes, and the salt that makes them."""
    op.create_table(
        "leadqual_feedback_forgotten", sa.Column("hash", sa.String(64), primary_key=True), if_not_exists=True
    )
    salt = op.create_table(
        "leadqual_feedback_salt",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("salt", sa.String(64), nullable=False),
        if_not_exists=True,
    )
    if not op.get_bind().execute(sa.text("SELECT 1 FROM leadqual_feedback_salt")).first():
        op.get_bind().execute(sa.insert(salt), {"id": 1, "salt": secrets.token_hex(32)})


def downgrade(op: Operations) -> None:  # noqa: ARG001  # alembic's signature
    """Refuse: whom one has forgotten one must not remember."""
    raise RuntimeError("the feedback ledger keeps whom it must not take in again; back it up and delete it by hand.")
