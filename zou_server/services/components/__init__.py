"""What follows from a change before it is written: defaults and derived values, one file per rule.

A component is a function of (pipeline, change); `COMPONENTS` says which run for which model, in
order. They run for a new row after its values are set, and for an update after each operation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from zou_server.services.components.announce_assignation import announce_assignation
from zou_server.services.components.announce_news import announce_news
from zou_server.services.components.announce_reply import announce_reply
from zou_server.services.components.check_checklist import check_checklist
from zou_server.services.components.check_file_tree import check_file_tree
from zou_server.services.components.check_frame_rate import check_frame_rate
from zou_server.services.components.check_playlist import check_playlist
from zou_server.services.components.check_status import check_status
from zou_server.services.components.complete_project import complete_project
from zou_server.services.components.complete_task import complete_task
from zou_server.services.components.guard_note import guard_note
from zou_server.services.components.guard_time import guard_time
from zou_server.services.components.keep_desk import keep_own, place_subscription, share_filter
from zou_server.services.components.leave_task import leave_task
from zou_server.services.components.mention_people import mention_people
from zou_server.services.components.name_vocabulary import name_descriptor, name_status, tidy_person
from zou_server.services.components.number_instance import number_instance
from zou_server.services.components.place_in_tree import place_in_tree
from zou_server.services.components.place_link import place_link
from zou_server.services.components.plan_days import count_budget, plan_day_off
from zou_server.services.components.sign_note import sign_note

if TYPE_CHECKING:
    from zou_server.services.write.change import Change
    from zou_server.services.write.pipeline import Pipeline

Component = Callable[["Pipeline", "Change"], None]

COMPONENTS: Mapping[str, tuple[Component, ...]] = {
    "SearchFilter": (keep_own, share_filter),
    "SearchFilterGroup": (keep_own, share_filter),
    "DesktopLoginLog": (keep_own,),
    "Subscription": (keep_own, place_subscription),
    "Entity": (place_in_tree, check_frame_rate),
    "Task": (complete_task,),
    "Project": (complete_project, check_file_tree),
    "AssetInstance": (number_instance,),
    "Playlist": (check_playlist,),
    "DayOff": (plan_day_off,),
    "Budget": (count_budget,),
    "Status": (name_status,),
    "FieldDescriptor": (name_descriptor,),
    "Person": (tidy_person,),
    "Note": (
        sign_note,
        guard_note,
        check_checklist,
        check_status,
        mention_people,
        announce_reply,
        announce_news,
    ),
    "ObjectLink": (place_link,),
    "Assignation": (announce_assignation,),
    "TimeSpent": (guard_time, leave_task),
}
