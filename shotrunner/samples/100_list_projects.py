"""List all projects."""

from shotrunner.base import Project, ShotRunner

ShotRunner.init()
for project in Project.find():
    print(f"{project.id:6} {project.code} {project.title or ''}")
