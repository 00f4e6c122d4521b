"""Start a thread on a shot and answer it."""

from shotrunner.base import Note, Shot, ShotRunner

ShotRunner.init()
shot = Shot.find_first(shot_code="SC010_0010")
note = Note.create({"noteable_type": "Shot", "noteable_id": shot.id, "title": "Roto", "message": "Too soft."})
answer = note.reply("Fixed in the next take.")
for each in Note.find(from_=f"/shots/{shot.id}/notes.xml"):
    print(f"{each.id} {'re:' if each.parent_id else each.title} {each.message}")
