"""Print what was said about a project since a moment, thread by thread, for the morning's meeting."""

import datetime as dt

from shotrunner.base import Note, Project, ShotRunner, User

ShotRunner.init()
project = Project.find_first(code="SAMPLE")
since = dt.datetime.now(dt.UTC) - dt.timedelta(days=1)
people = {user.id: user.login for user in User.find()}
said = Note.find(from_=f"/projects/{project.id}/notes.xml", deep=1, created_at={"gte": since.isoformat()})
for note in sorted(said, key=lambda each: (each.parent_id or each.id, each.id)):
    place = "  " if note.parent_id else f"{note.noteable_type} {note.noteable_id}:"
    print(f"{place} {people.get(note.user_id)}: {note.message}")
