"""What the studio is: tables, facets, policies and errors. Importing this registers every entity."""

from importlib import import_module
from pkgutil import iter_modules

from zou_server.models.base import Base, Identity, Row

__all__ = ["Base", "Identity", "Row"]

# A model is found because its file is here; the order of names is the order of the registry.
for _module in iter_modules(__path__, f"{__name__}."):
    import_module(_module.name)
