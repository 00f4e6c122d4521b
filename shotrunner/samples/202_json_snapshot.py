"""Write a project with its sequences, shots and tasks as JSON, for tools that read nothing else."""

import json
import sys

from shotrunner.base import Project, Sequence, Shot, ShotRunner, Task

ShotRunner.init()
project = Project.find_first(code="SAMPLE")
below = f"/projects/{project.id}"
snapshot = {
    "project": project.to_dict(),
    "sequences": [each.to_dict() for each in Sequence.find(from_=f"{below}/sequences.xml")],
    "shots": [each.to_dict() for each in Shot.find(from_=f"{below}/shots.xml")],
    "tasks": [each.to_dict() for each in Task.find(from_=f"{below}/tasks.xml")],
}
json.dump(snapshot, sys.stdout, default=str, indent=1)
