"""Make a project with a sequence and a shot, change the shot twice, look it up."""

from shotrunner.base import Project, Sequence, Shot, ShotRunner

ShotRunner.init()
project = Project.create({"code": "SAMPLE", "title": "A sample"})
sequence = Sequence.create({"sequence_code": "SC010", "project_id": project.id})
shot = Shot.create({"shot_code": "SC010_0010", "sequence_id": sequence.id, "frame_count": 96})
shot.title = "The first"
shot.save_or_raise()
shot.status = "wip"
shot.save_or_raise()
for found in Shot.find(sequence_id=sequence.id, status="wip"):
    print(f"{found.shot_code} {found.title} {found.status} version {found.lock_version}")
