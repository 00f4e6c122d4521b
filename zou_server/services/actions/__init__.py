"""What happens to a production in its own words, one file per verb.

`ACTIONS` names each with the policy (`models/policies.py`) that is checked before it runs.
"""

from __future__ import annotations

from collections.abc import Mapping

from zou_server.services.actions.acknowledge_comment import acknowledge_comment
from zou_server.services.actions.add_to_playlist import add_to_playlist
from zou_server.services.actions.assign_task import assign_task, unassign_task
from zou_server.services.actions.change_password_of import change_password_of
from zou_server.services.actions.comment_task import comment_task
from zou_server.services.actions.delete_tasks import delete_tasks
from zou_server.services.actions.files.attach_files import attach_files
from zou_server.services.actions.files.attach_to_message import attach_to_message
from zou_server.services.actions.files.new_output_file import new_output_file
from zou_server.services.actions.files.new_working_file import new_working_file
from zou_server.services.actions.files.publish_working_file import publish_working_file
from zou_server.services.actions.files.touch_working_file import touch_working_file
from zou_server.services.actions.mark_row import mark_row
from zou_server.services.actions.move_comment import move_comment
from zou_server.services.actions.note_avatar import note_avatar
from zou_server.services.actions.previews.add_filled_previews import add_filled_previews
from zou_server.services.actions.previews.add_preview import add_preview
from zou_server.services.actions.previews.annotate_preview import annotate_preview
from zou_server.services.actions.previews.place_preview import place_preview
from zou_server.services.actions.previews.receive_background import receive_background
from zou_server.services.actions.previews.receive_preview import check_receiving, receive_preview
from zou_server.services.actions.previews.set_main_preview import set_last_preview, set_main_preview
from zou_server.services.actions.previews.settle_preview import settle_preview
from zou_server.services.actions.read_notifications import read_notifications
from zou_server.services.actions.reply_to_comment import reply_to_comment
from zou_server.services.actions.send_to_review import send_to_review
from zou_server.services.actions.spend_time import forget_time, spend_time
from zou_server.services.actions.start_task import start_task
from zou_server.services.actions.watch_note import watch_note
from zou_server.services.write.rulebook import Action

_OWN_COMMENT = "Only its author and those who lead the project may add a preview to this comment."
_TAKES_PART = "Only those who work on the task may do this."
_NO_FILES = "Your role does not let you add files."
_OWN_TIME = "You note your own time, on tasks that you are assigned to."
_NOT_YOURS = "Your role does not let you say who works on this task."
_FILE_OF_PREVIEW = "Only its author and those who lead the project may send the file of this preview."
_HAND_IN = "Your role lets you start tasks, and send them to review, that you are assigned to."
_NO_BACKGROUND = "Your role does not let you change a PreviewBackgroundFile."

ACTIONS: Mapping[str, Action] = {
    "add_preview": Action(add_preview, "note", "add_preview", _OWN_COMMENT),
    "add_filled_previews": Action(add_filled_previews, "note", "add_preview", _OWN_COMMENT),
    "annotate_preview": Action(annotate_preview, "preview", "annotate", _TAKES_PART),
    "check_receiving": Action(check_receiving, "preview", "receive", _FILE_OF_PREVIEW),
    "place_preview": Action(place_preview, "preview", "place", _TAKES_PART),
    "receive_background": Action(receive_background, "vocabulary", "update", _NO_BACKGROUND),
    "receive_preview": Action(receive_preview, "preview", "receive", _FILE_OF_PREVIEW),
    "set_last_preview": Action(set_last_preview, "task", "show_preview", _TAKES_PART),
    "set_main_preview": Action(set_main_preview, "preview", "place", _TAKES_PART),
    "settle_preview": Action(
        settle_preview, "preview", "settle", "Only the server itself says what became of a preview."
    ),
    "add_to_playlist": Action(
        add_to_playlist, "playlist", "update", "Your role does not let you change this playlist."
    ),
    "change_password": Action(
        change_password_of, "person", "set_password", "Administrators give people new passwords."
    ),
    # HTTP Basic has proved the own password by the same request.
    "give-password": Action(
        change_password_of, "person", "give_password", "Administrators give other people passwords."
    ),
    "comment": Action(comment_task, "task", "comment", "You comment on tasks that you are assigned to."),
    "acknowledge": Action(
        acknowledge_comment, "note", "acknowledge", "You acknowledge comments on tasks that you work on."
    ),
    "attach": Action(attach_files, "note", "attach", "You attach files to your own comments."),
    "attach-to-message": Action(
        attach_to_message, "chat_message", "update", "You attach files to what you say yourself."
    ),
    "move-comment": Action(move_comment, "note", "move", "Only managers move comments."),
    "reply": Action(reply_to_comment, "note", "reply", "Only the team of the project talks about its work."),
    "watch": Action(watch_note, "note", "reply", "Only the team of the project talks about its work."),
    "assign": Action(assign_task, "task", "assign", _NOT_YOURS),
    "unassign": Action(unassign_task, "task", "assign", _NOT_YOURS),
    "start": Action(start_task, "task", "work", _HAND_IN),
    "to-review": Action(send_to_review, "task", "work", _HAND_IN),
    "spend-time": Action(spend_time, "task", "spend_time", _OWN_TIME),
    "forget-time": Action(forget_time, "task", "spend_time", _OWN_TIME),
    "delete-tasks": Action(delete_tasks, "project", "delete_tasks", "Only managers remove tasks."),
    "mark": Action(mark_row, "person", "mark", "People set their own marks."),
    "read-notifications": Action(
        read_notifications, "person", "read_notifications", "People read their own notifications."
    ),
    **{
        f"note-avatar of {model}": Action(
            note_avatar, policy, "update", f"Your role does not let you {what}."
        )
        for model, policy, what in (
            ("Person", "person", "change this person"),
            ("Project", "project", "change this project"),
            ("Organisation", "studio", "change the studio"),
        )
    },
    "new-working-file": Action(new_working_file, "task", "publish", _NO_FILES),
    "new-output-file": Action(new_output_file, "file", "next_revision", _NO_FILES),
    "publish": Action(publish_working_file, "task", "publish", _NO_FILES),
    "touch-working-file": Action(
        touch_working_file, "file", "update", "Your role does not let you update a WorkingFile."
    ),
}
"""Name -> the verb; without a policy there is none."""
