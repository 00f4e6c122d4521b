"""The rulebook of a studio: every rule and every verb, handed to `Studio` by whoever makes one."""

from __future__ import annotations

from zou_server.services.actions import ACTIONS
from zou_server.services.rules import RULES
from zou_server.services.rules.keeps import keep
from zou_server.services.tasks.works_on import Places
from zou_server.services.write.rulebook import Rulebook

RULEBOOK = Rulebook(RULES, ACTIONS, Places, keep)
