"""addresses of bots."""

from __future__ import annotations

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the change."""
    # As `rules/person.py` gives them to new ones; a piece of the id tells those of one name apart.
    op.execute("""
    WITH named AS (
        SELECT id, left(coalesce(nullif(btrim(regexp_replace(
            lower(concat(first_name, ' ', last_name)), '[^a-z0-9.]+', '-', 'g'), '-.'), ''), 'bot'), 60) AS name
        FROM person WHERE is_bot AND email IS NULL
    ), numbered AS (
        SELECT id, name, row_number() OVER (PARTITION BY name ORDER BY id) > 1
            OR EXISTS (SELECT FROM person o WHERE lower(o.email) = name || '@bots.invalid') AS is_taken
        FROM named
    )
    UPDATE person p
    SET email = n.name || CASE WHEN n.is_taken THEN '-' || left(n.id::text, 8) ELSE '' END || '@bots.invalid'
    FROM numbered n WHERE n.id = p.id
    """)


def downgrade() -> None:
    """Undo the change."""
    op.execute("UPDATE person SET email = NULL WHERE is_bot AND email LIKE '%@bots.invalid'")
