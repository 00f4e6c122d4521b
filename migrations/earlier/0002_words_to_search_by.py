"""words to search by: what search compares, without accents and capitals, and what finds near words."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# unaccent() itself is only STABLE, because a dictionary may be changed; ours is named and never is.
PLAIN_WORDS = """
CREATE FUNCTION plain_words(value text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
AS $$ SELECT lower(public.unaccent('public.unaccent'::regdictionary, value)) $$
"""


def upgrade() -> None:
    """Add the two extensions (both may be added by a database's owner) and the function."""
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public")
    op.execute("CREATE EXTENSION IF NOT EXISTS unaccent SCHEMA public")
    op.execute(PLAIN_WORDS)
