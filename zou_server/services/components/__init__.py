"""What follows from a change before it is written: defaults and derived values, one file per rule.

A component is a function of (pipeline, change); `COMPONENTS` says which run for which model, in
order. They run for a new row after its values are set, and for an update after each operation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from zou_server.services.components.complete_project import complete_project
from zou_server.services.components.complete_task import complete_task
from zou_server.services.components.name_vocabulary import name_descriptor, name_status, tidy_person
from zou_server.services.components.place_in_tree import place_in_tree
from zou_server.services.components.sign_note import sign_note

if TYPE_CHECKING:
    from zou_server.services.change import Change
    from zou_server.services.pipeline import Pipeline

Component = Callable[["Pipeline", "Change"], None]

COMPONENTS: Mapping[str, tuple[Component, ...]] = {
    "Entity": (place_in_tree,),
    "Task": (complete_task,),
    "Project": (complete_project,),
    "Status": (name_status,),
    "FieldDescriptor": (name_descriptor,),
    "Person": (tidy_person,),
    "Note": (sign_note,),
}
