"""Print every request on its way."""

from shotrunner.base import Project, ShotRunner

ShotRunner.init()
ShotRunner.debug()
print(f"{len(Project.find())} projects")
