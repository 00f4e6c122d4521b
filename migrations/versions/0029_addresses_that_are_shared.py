"""addresses that are shared."""

from __future__ import annotations

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    op.execute("""
    ALTER TABLE person ADD COLUMN shares_email boolean DEFAULT false NOT NULL;
    DROP INDEX uq_person_email;
    CREATE UNIQUE INDEX uq_person_email ON person (lower(email), is_bot)
        WHERE deleted_at IS NULL AND NOT shares_email;
    """)


def downgrade() -> None:
    """Undo the change: who shared an address of somebody has none."""
    op.execute("""
    UPDATE person SET email = NULL WHERE shares_email;
    DROP INDEX uq_person_email;
    CREATE UNIQUE INDEX uq_person_email ON person (lower(email), is_bot) WHERE deleted_at IS NULL;
    ALTER TABLE person DROP COLUMN shares_email;
    """)
