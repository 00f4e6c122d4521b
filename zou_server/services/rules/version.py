"""The life of a version: its revision is the next of its product."""

from __future__ import annotations

from zou_server.services.previews.join_versions import number_versions
from zou_server.services.write.rulebook import After, Rule

VERSION = Rule(after=(After(lambda change: change.created, number_versions),))
"""One reviewable take of a product."""
