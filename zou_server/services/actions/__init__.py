"""Named actions: what happens to a production in its own words, one file per verb.

An action gets (pipeline, the row it is about, its values) inside the running list of operations, so
it is one transaction with whatever else is in the list. It checks its own rights: they depend on
more than the kind of row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from zou_server.services.actions.acknowledge_comment import acknowledge_comment
from zou_server.services.actions.add_filled_previews import add_filled_previews
from zou_server.services.actions.add_preview import add_preview
from zou_server.services.actions.add_to_playlist import add_to_playlist
from zou_server.services.actions.annotate_preview import annotate_preview
from zou_server.services.actions.assign_task import assign_task, unassign_task
from zou_server.services.actions.attach_files import attach_files
from zou_server.services.actions.change_password_of import change_password_of
from zou_server.services.actions.comment_task import comment_task
from zou_server.services.actions.delete_tasks import delete_tasks
from zou_server.services.actions.move_comment import move_comment
from zou_server.services.actions.new_output_file import new_output_file
from zou_server.services.actions.new_working_file import new_working_file
from zou_server.services.actions.place_preview import place_preview
from zou_server.services.actions.publish_working_file import publish_working_file
from zou_server.services.actions.read_notifications import read_notifications
from zou_server.services.actions.receive_background import receive_background
from zou_server.services.actions.receive_preview import check_receiving, receive_preview
from zou_server.services.actions.reply_to_comment import reply_to_comment
from zou_server.services.actions.send_to_review import send_to_review
from zou_server.services.actions.set_main_preview import set_last_preview, set_main_preview
from zou_server.services.actions.settle_preview import settle_preview
from zou_server.services.actions.spend_time import forget_time, spend_time
from zou_server.services.actions.start_task import start_task
from zou_server.services.actions.touch_working_file import touch_working_file

if TYPE_CHECKING:
    from zou_server.models.base import Row
    from zou_server.services.write.operations import Result
    from zou_server.services.write.pipeline import Pipeline

Action = Callable[["Pipeline", "Row", Mapping[str, Any]], "Result"]

ACTIONS: Mapping[str, Action] = {
    "add_preview": add_preview,
    "add_filled_previews": add_filled_previews,
    "annotate_preview": annotate_preview,
    "check_receiving": check_receiving,
    "place_preview": place_preview,
    "receive_background": receive_background,
    "receive_preview": receive_preview,
    "set_last_preview": set_last_preview,
    "set_main_preview": set_main_preview,
    "settle_preview": settle_preview,
    "add_to_playlist": add_to_playlist,
    "change_password": change_password_of,
    "comment": comment_task,
    "acknowledge": acknowledge_comment,
    "attach": attach_files,
    "move-comment": move_comment,
    "reply": reply_to_comment,
    "assign": assign_task,
    "unassign": unassign_task,
    "start": start_task,
    "to-review": send_to_review,
    "spend-time": spend_time,
    "forget-time": forget_time,
    "delete-tasks": delete_tasks,
    "read-notifications": read_notifications,
    "new-working-file": new_working_file,
    "new-output-file": new_output_file,
    "publish": publish_working_file,
    "touch-working-file": touch_working_file,
}
