"""Subscribe to a shot, watch a thread, list who follows, and show a note as HTML."""

from shotrunner.base import Note, Shot, ShotRunner

ShotRunner.init()
shot = Shot.find_first(shot_code="SC010_0010")
shot.put("subscribe")
note = Note.create({"noteable_type": "Shot", "noteable_id": shot.id, "message": "Mind the *edges*"})
note.put("watch")
note.reply("Done")
print(f"{len(shot.get('subscribers'))} subscribe, {len(note.get('watchers'))} watch")
print(note.get("html")["message_html"])
