"""Make a project, read it back, change it and delete it: whether this login can do all that scripts do."""

import sys

from shotrunner.base import Project, ShotRunner

ShotRunner.init()
project = Project({"code": "SELFTEST", "title": "to be deleted"})
project.save_or_raise()
found = Project.find(project.id)
found.title = "changed"
found.save_or_raise()
is_changed = Project.find(project.id).title == "changed"
found.destroy()
if not is_changed or Project.exists(project.id):
    sys.exit("a change or a deletion was lost")
print("reading, writing and deleting work")
