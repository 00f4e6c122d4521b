"""A studio that is served to the clients of all dialects."""

from __future__ import annotations

import gc
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import SuitePostgres
from tests.served import served
from tests.studio import StudioKit, open_studio
from zou_server.app import create_app


@contextmanager
def served_studio(postgres: SuitePostgres, directory: Path) -> Iterator[tuple[StudioKit, str]]:
    """The studio and its address; sockets that pyactiveresource left to the garbage collector are closed."""
    with open_studio(postgres, directory) as kit, served(create_app(kit.settings)) as url:
        yield kit, url
        with warnings.catch_warnings(action="ignore"):
            gc.collect()
