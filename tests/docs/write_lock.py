"""Write `requirements.lock`: the packages that the server needs, at the versions that are installed."""

from __future__ import annotations

import tomllib
from importlib.metadata import distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

EXTRAS = ("embedded", "s3")
HEAD = """\
# Every package that the server needs, for builds that can be repeated:
#   pip install --constraint requirements.lock zou-server
# Written by `make lock`; tests compare it with pyproject.toml.
"""


def wanted() -> list[str]:
    """What pyproject.toml asks for, with the extras of the image."""
    project = tomllib.loads(Path("pyproject.toml").read_text())["project"]
    return [
        *project["dependencies"],
        *(line for each in EXTRAS for line in project["optional-dependencies"][each]),
    ]


def closure(requirements: list[str]) -> dict[str, str]:
    """Package -> version, of the requirements and all that they require."""
    found: dict[str, str] = {}
    left = [(Requirement(line), "") for line in requirements]
    while left:
        requirement, extra = left.pop()
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        package = distribution(name)
        if name in found and not requirement.extras:
            continue
        found[name] = package.version
        for more in ("", *requirement.extras):
            left += [(Requirement(line), more) for line in package.requires or ()]
    return found


def lock() -> str:
    """The text of the lock file."""
    lines = [f"{name}=={version}" for name, version in sorted(closure(wanted()).items())]
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    Path("requirements.lock").write_text(lock())
