"""Attach a file to a shot, list the shot's files, and read one back."""

from pathlib import Path

from shotrunner.base import Attachment, Shot, ShotRunner

ShotRunner.init()
shot = Shot.find_first(shot_code="SC010_0010")
Path("plate.txt").write_text("1001-1096 as shot", encoding="utf-8")
shot.attach("plate.txt", description="What was *shot*")
for each in Attachment.find(attachment_container_type="Shot", attachment_container_id=shot.id):
    print(f"{each.id} {each.title} {each.content().decode()}")
