"""What follows from a change of a row: `RULES` has one line per model, its file the whole life of its rows.

A rule's parts run from top to bottom; nothing else hooks into a change. See `services/write/rulebook.py`.
"""

from __future__ import annotations

from collections.abc import Mapping

from zou_server.models.person import Department
from zou_server.models.task import TaskType
from zou_server.models.teamwork import NoteLabel
from zou_server.services.rules.appointments import ENTITY_ASSIGNATION, GROUP_APPOINTMENT
from zou_server.services.rules.asset_instance import ASSET_INSTANCE
from zou_server.services.rules.assignation import ASSIGNATION
from zou_server.services.rules.chat_message import CHAT_MESSAGE
from zou_server.services.rules.codes import scope_of_codes
from zou_server.services.rules.component import COMPONENT, COMPONENT_LOCATION, LOCATION
from zou_server.services.rules.declared_record import DECLARED_RECORD
from zou_server.services.rules.desk import FILTER, OWN, SUBSCRIPTION
from zou_server.services.rules.entity import ENTITY
from zou_server.services.rules.entity_link import ENTITY_LINK
from zou_server.services.rules.entity_type import ENTITY_TYPE
from zou_server.services.rules.files import FILE
from zou_server.services.rules.membership import MEMBERSHIP
from zou_server.services.rules.note import NOTE
from zou_server.services.rules.object_link import OBJECT_LINK
from zou_server.services.rules.person import PERSON
from zou_server.services.rules.planning import BUDGET, DAY_OFF
from zou_server.services.rules.playlist import PLAYLIST
from zou_server.services.rules.preview_file import PREVIEW_FILE
from zou_server.services.rules.product import PRODUCT
from zou_server.services.rules.project import PROJECT
from zou_server.services.rules.status import STATUS
from zou_server.services.rules.studio import STUDIO
from zou_server.services.rules.task import TASK
from zou_server.services.rules.time_spent import TIME_SPENT
from zou_server.services.rules.timelog import TIMELOG
from zou_server.services.rules.version import VERSION
from zou_server.services.rules.vocabulary import FIELD_DESCRIPTOR
from zou_server.services.write.rulebook import Rule

RULES: Mapping[str, Rule] = {
    "AssetInstance": ASSET_INSTANCE,
    "Assignation": ASSIGNATION,
    "Budget": BUDGET,
    "Component": COMPONENT,
    "ComponentLocation": COMPONENT_LOCATION,
    "ChatMessage": CHAT_MESSAGE,
    "DayOff": DAY_OFF,
    "DeclaredRecord": DECLARED_RECORD,
    "Department": scope_of_codes(Department),
    "DesktopLoginLog": OWN,
    "Entity": ENTITY,
    "EntityAssignation": ENTITY_ASSIGNATION,
    "EntityLink": ENTITY_LINK,
    "EntityType": ENTITY_TYPE,
    "FieldDescriptor": FIELD_DESCRIPTOR,
    "GroupAppointment": GROUP_APPOINTMENT,
    "Location": LOCATION,
    "Membership": MEMBERSHIP,
    "Note": NOTE,
    "NoteLabel": scope_of_codes(NoteLabel),
    "ObjectLink": OBJECT_LINK,
    "OutputFile": FILE,
    "Person": PERSON,
    "Playlist": PLAYLIST,
    "PreviewFile": PREVIEW_FILE,
    "Product": PRODUCT,
    "Project": PROJECT,
    "SearchFilter": FILTER,
    "SearchFilterGroup": FILTER,
    "Status": STATUS,
    "Studio": STUDIO,
    "Subscription": SUBSCRIPTION,
    "Task": TASK,
    "TaskType": scope_of_codes(TaskType),
    "Timelog": TIMELOG,
    "TimeSpent": TIME_SPENT,
    "Version": VERSION,
    "WorkingFile": FILE,
}
"""Model -> its rule."""
