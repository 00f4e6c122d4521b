"""Types and fields that sites have today and the table of `site_schema.json` is too old for.

A field is written `key:type` or `key:type:Linked,Types`; the fields that every type has are not repeated.
"""

from __future__ import annotations

from collections.abc import Mapping

ALL = "Asset,Episode,Sequence,Scene,Shot,Element,Version,Task,Playlist,Project"
PEOPLE = "HumanUser,ApiUser"
GROUPS = "HumanUser,Group"

EVERYWHERE = (
    f"id:number created_at:date_time created_by:entity:{PEOPLE} updated_at:date_time "
    f"updated_by:entity:{PEOPLE} cached_display_name:text"
)
READ_ONLY = frozenset(
    {
        "id",
        "created_at",
        "created_by",
        "updated_at",
        "updated_by",
        "cached_display_name",
        "open_notes",
        "open_notes_count",
    }
)
COMMON = (
    "image:image filmstrip_image:image tag_list:tag_list:Tag tags:multi_entity:Tag description:text "
    "notes:multi_entity:Note open_notes:multi_entity:Note open_notes_count:text sg_status_list:status_list"
)

MORE_TYPES: Mapping[str, str] = {
    "Episode": (
        f"{COMMON} code:text project:entity:Project sequences:multi_entity:Sequence "
        "assets:multi_entity:Asset tasks:multi_entity:Task task_template:entity:TaskTemplate"
    ),
    "ClientUser": (
        "name:text firstname:text lastname:text login:text email:text password_proxy:password "
        "sg_status_list:status_list permission_rule_set:entity:PermissionRuleSet "
        "projects:multi_entity:Project image:image"
    ),
    "Ticket": (
        f"{COMMON} title:text project:entity:Project addressings_to:multi_entity:{GROUPS} "
        f"addressings_cc:multi_entity:{GROUPS} sg_priority:list sg_ticket_type:list "
        f"sg_link:entity:{ALL} related_tickets:multi_entity:Ticket attachments:multi_entity:Attachment "
        f"replies:multi_entity:Reply"
    ),
    "Release": f"{COMMON} code:text project:entity:Project tickets:multi_entity:Ticket",
    "Revision": (
        f"{COMMON} code:text project:entity:Project attachment:url tickets:multi_entity:Ticket "
        "revisions:multi_entity:Revision"
    ),
    "Cut": (
        f"{COMMON} code:text project:entity:Project entity:entity:{ALL} revision_number:number fps:float "
        "duration:number timecode_start_text:text timecode_end_text:text cut_items:multi_entity:CutItem "
        "version:entity:Version attachments:multi_entity:Attachment"
    ),
    "CutItem": (
        f"{COMMON} code:text project:entity:Project cut:entity:Cut shot:entity:Shot version:entity:Version "
        "cut_order:number cut_item_in:number cut_item_out:number cut_item_duration:number "
        "edit_in:number edit_out:number timecode_cut_item_in_text:text timecode_cut_item_out_text:text "
        "timecode_edit_in_text:text timecode_edit_out_text:text"
    ),
    "Delivery": (
        f"{COMMON} title:text project:entity:Project addressings_to:multi_entity:{GROUPS} "
        f"addressings_cc:multi_entity:{GROUPS} versions:multi_entity:Version sg_delivery_date:date "
        "attachments:multi_entity:Attachment"
    ),
    "Tag": "name:text",
    "Software": (
        "code:text engine:text products:text versions:text description:text sg_status_list:status_list "
        "linux_path:text linux_args:text mac_path:text mac_args:text windows_path:text windows_args:text "
        "group:text group_default:checkbox projects:multi_entity:Project "
        "user_restrictions:multi_entity:Group,HumanUser groups:multi_entity:Group "
        "users:multi_entity:HumanUser image:image filmstrip_image:image"
    ),
    "MocapTake": f"{COMMON} code:text project:entity:Project",
    "MocapTakeRange": f"{COMMON} code:text project:entity:Project shots:multi_entity:Shot",
    "AppWelcome": "code:text users:multi_entity:HumanUser",
    "Blendshape": f"{COMMON} code:text project:entity:Project",
    "Banner": "code:text users:multi_entity:HumanUser",
    "Camera": f"{COMMON} code:text project:entity:Project mocap_takes:multi_entity:MocapTake",
    "Launch": f"{COMMON} code:text project:entity:Project scenes:multi_entity:Scene shots:multi_entity:Shot",
    "Performer": f"{COMMON} code:text mocap_takes:multi_entity:MocapTake routines:multi_entity:Routine",
    "PhysicalAsset": f"{COMMON} code:text project:entity:Project mocap_takes:multi_entity:MocapTake",
    "Routine": f"{COMMON} code:text project:entity:Project",
    "ShootDay": f"{COMMON} code:text project:entity:Project scenes:multi_entity:Scene",
}
"""Type -> its fields."""

TAKES = "sg_versions:multi_entity:Version sg_published_files:multi_entity:PublishedFile"

MORE_FIELDS: Mapping[str, str] = {
    "Project": (
        "is_template:checkbox is_demo:checkbox archived:checkbox tank_name:text start_date:date "
        "end_date:date code:text"
    ),
    "Task": (
        "tags:multi_entity:Tag implicit:checkbox sg_description:text sg_sort_order:number workload:number "
        f"task_reviewers:multi_entity:{GROUPS} sg_versions:multi_entity:Version"
    ),
    "TaskDependency": "dependency_type:text",
    "Version": "tags:multi_entity:Tag cuts:multi_entity:Cut",
    "Shot": f"tags:multi_entity:Tag sg_sort_order:number {TAKES}",
    "Sequence": f"episode:entity:Episode tags:multi_entity:Tag {TAKES}",
    "Asset": f"tags:multi_entity:Tag {TAKES}",
    "Playlist": "locked:checkbox locked_by:entity:HumanUser",
    "Note": "client_note:checkbox suppress_email_notif:checkbox sg_note_type:list",
    "PublishedFile": "version:entity:Version path_cache_storage:entity:LocalStorage",
    "TimeLog": "description:text",
    "HumanUser": (
        "followed:multi_entity projects:multi_entity:Project can_impersonate_this_user:checkbox language:text"
    ),
    "PipelineConfiguration": "plugin_ids:text descriptor:text uploaded_config:url",
    "ActionMenuItem": "light_payload:checkbox secret_token:password",
    "EventLogEntry": "image:image filmstrip_image:image",
    "FilesystemLocation": "cached_display_name:text linked_entity_type:text linked_entity_id:number",
}
"""Type of the table -> fields it lacks; those that it has stay as they are."""

MORE_TARGETS: Mapping[tuple[str, str], tuple[str, ...]] = {
    # link of the table: types that it leads to, and that the table is too old for
    ("Task", "entity"): ("Episode",),
    ("Version", "entity"): ("Episode", "Element"),
    ("PublishedFile", "entity"): ("Episode", "Sequence", "Scene", "Element"),
    ("Reply", "entity"): ("Ticket",),
    ("EventLogEntry", "entity"): tuple(MORE_TYPES),
}
