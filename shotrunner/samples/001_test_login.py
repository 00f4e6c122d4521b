"""Say who sr.config logs in as."""

from shotrunner.base import ShotRunner, User
from shotrunner.config import read_config

ShotRunner.init()
login = read_config().user
for user in User.find(login=login):
    print(f"logged in as {user.login}, number {user.id}, status {user.status}")
