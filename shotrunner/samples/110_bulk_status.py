"""Give all shots of a sequence another status; a shot that somebody else is changing is told of."""

from pyactiveresource.connection import ResourceConflict

from shotrunner.base import Sequence, Shot, ShotRunner

ShotRunner.init()
sequence = Sequence.find_first(sequence_code="SC010")
for shot in Shot.find(sequence_id=sequence.id):
    shot.status = "done"
    try:
        shot.save_or_raise()
    except ResourceConflict:
        print(f"{shot.shot_code} was changed meanwhile")
    else:
        print(f"{shot.shot_code} is {shot.status}")
