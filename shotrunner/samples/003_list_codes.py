"""List the words of the studio: statuses, types, skills."""

from shotrunner.base import Code, ShotRunner

ShotRunner.init()
for code in Code.find():
    print(f"{code.scope:16} {code.code or '':20} {code.label or ''}")
