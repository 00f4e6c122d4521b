"""The four dialects behind one face, so that a contract is written once and asked of each.

A `Dialect` lists, shows, creates, updates, deletes and describes rows of any facet over HTTP. Rows are
dictionaries in the dialect's own keys and values. Every answer with a status from 500 up is a failure here.
"""

from tests.contracts.dialects.face import Dialect, Key, Refused, Wire, plain
from tests.contracts.dialects.ftrack import Ftrack
from tests.contracts.dialects.shotgun import Shotgun
from tests.contracts.dialects.shotrunner import ShotRunner
from tests.contracts.dialects.zou import Zou

DIALECTS: tuple[type[Dialect], ...] = (Zou, Shotgun, Ftrack, ShotRunner)

__all__ = ["DIALECTS", "Dialect", "Ftrack", "Key", "Refused", "ShotRunner", "Shotgun", "Wire", "Zou", "plain"]
