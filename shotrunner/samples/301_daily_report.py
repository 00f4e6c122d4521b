"""Count the shots of each project by status."""

from collections import Counter

from shotrunner.base import Project, Shot, ShotRunner

ShotRunner.init()
for project in Project.find():
    counted = Counter(shot.status for shot in Shot.find(from_=f"/projects/{project.id}/shots.xml"))
    print(
        project.code,
        ", ".join(f"{number} {status}" for status, number in counted.most_common()) or "no shots",
    )
