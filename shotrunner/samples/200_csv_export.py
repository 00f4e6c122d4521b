"""Write the shots of every project as CSV."""

import csv
import sys

from shotrunner.base import Sequence, Shot, ShotRunner

ShotRunner.init()
rows = csv.writer(sys.stdout)
rows.writerow(["sequence", "shot", "status", "frames"])
for sequence in Sequence.find():
    for shot in Shot.find(sequence_id=sequence.id):
        rows.writerow([sequence.sequence_code, shot.shot_code, shot.status, shot.frame_count])
