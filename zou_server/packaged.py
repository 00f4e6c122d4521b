"""Where the files are that belong to the code: migrations, configuration, file trees.

They stand beside the package in a checkout, and in it in a wheel.
"""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def packaged_dir(name: str) -> Path:
    """Return the directory ``migrations`` or ``config`` that belongs to this code.

    A wheel carries it as ``zou_server/_<name>``; in a checkout it is next to the package.
    """
    for place in (PACKAGE / f"_{name}", PACKAGE.parent / name):
        if place.is_dir():
            return place
    message = (
        f"this installation of zou-server has no {name} directory: it is incomplete; "
        "install it again with pip install --force-reinstall zou-server"
    )
    raise FileNotFoundError(message)
