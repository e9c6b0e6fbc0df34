"""The first schema of the ledger: one table of entries, which can be added and never changed."""

from __future__ import annotations

from alembic.operations import Operations

__all__ = ["downgrade", "upgrade"]

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLE = """
CREATE TABLE IF NOT EXISTS leadqual_agreement_entry (
    number INTEGER NOT NULL PRIMARY KEY,
    kind VARCHAR(40) NOT NULL,
    content TEXT NOT NULL,
    recorded_at VARCHAR(40) NOT NULL,
    previous VARCHAR(64) NOT NULL,
    hash VARCHAR(64) NOT NULL UNIQUE
)
"""
_REFUSED = "the agreement ledger is append-only"


def upgrade(op: Operations) -> None:
    """Make the table, and refuse changes to its rows where the database can."""
    # SQLite commits each of these alone: what was broken off half-way is finished the next time
    op.execute(_TABLE)
    if op.get_bind().dialect.name == "sqlite":
        for what in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER IF NOT EXISTS leadqual_agreement_no_{what.lower()} BEFORE {what} ON "
                f"leadqual_agreement_entry BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
            )
    elif op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION leadqual_agreement_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_REFUSED}'; END $$"
        )
        op.execute(
            "CREATE TRIGGER leadqual_agreement_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON "
            "leadqual_agreement_entry FOR EACH STATEMENT EXECUTE FUNCTION leadqual_agreement_refuse()"
        )


def downgrade(op: Operations) -> None:  # noqa: ARG001  # alembic's signature
    """Refuse: what was agreed on is not thrown away."""
    raise RuntimeError("the agreement ledger keeps what was agreed on; back it up and delete it by hand.")
