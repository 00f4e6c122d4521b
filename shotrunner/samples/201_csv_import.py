"""Make the shots that a CSV on the standard input lists: sequence,shot,frames."""

import csv
import sys

from shotrunner.base import Project, Sequence, Shot, ShotRunner

ShotRunner.init()
project = Project.find_first(code="SAMPLE")
for row in csv.DictReader(sys.stdin):
    sequence = Sequence.find_first(sequence_code=row["sequence"], project_id=project.id)
    if sequence is None:
        sequence = Sequence.create({"sequence_code": row["sequence"], "project_id": project.id})
    shot = Shot.create(
        {"shot_code": row["shot"], "sequence_id": sequence.id, "frame_count": int(row["frames"])}
    )
    print(
        f"{shot.shot_code} is number {shot.id}"
        if shot.id
        else f"{row['shot']}: {shot.errors.full_messages()}"
    )
