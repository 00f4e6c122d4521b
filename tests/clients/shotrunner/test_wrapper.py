"""The package `shotrunner`: its classes, its config file, and each of its samples against one server."""

from __future__ import annotations

import io
import logging
import re
import runpy
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from shotrunner import base, samples
from shotrunner.base import Note, NotSaved, Project, ShotRunner, User
from shotrunner.config import ConfigError, Login, read_config, site_of, write_config
from shotrunner.setup import main
from tests.clients.shotrunner.site import LOGIN, PASSWORD, numbers

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

FOLDER = Path(samples.__file__).parent
SCRIPTS = sorted(path.name for path in FOLDER.glob("[0-9]*.py"))


@pytest.fixture(scope="module")
def folder(site: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a config file for the server; the samples run in it one after the other."""
    found = tmp_path_factory.mktemp("samples")
    write_config(Login(LOGIN, PASSWORD, site.url), str(found / "sr.config"))
    return found


@pytest.fixture(params=["xml", "json"])
def logged_in(site: Any, request: pytest.FixtureRequest) -> Iterator[None]:
    """The wrapper with the administrator's login, in one format."""
    ShotRunner.apply(Login(LOGIN, PASSWORD, site.url, request.param))
    yield
    ShotRunner.apply(Login("", "", "http://nowhere.invalid"))


def test_there_are_fourteen_classes_and_one_login_for_all(site: Any) -> None:
    names = "Project Sequence Shot Element Asset Task Note Attachment User Company Member Team Role Code"
    classes = [getattr(base, name) for name in names.split()]
    base.Shot.set_login(LOGIN, PASSWORD, site.url)
    assert {each.site for each in classes} == {site.url}
    assert {each.user for each in classes} == {LOGIN}
    base.Task.login("somebody")
    assert {each.user for each in classes} == {"somebody"}


@pytest.mark.usefixtures("logged_in")
def test_a_user_has_a_company_and_takes_a_password_by_its_name() -> None:
    company = base.Company.create({"name": f"Wrapped {next(numbers)}"})
    user = User.create({"login": f"wrapped{next(numbers)}", "company_id": company.id})
    assert isinstance(User.find(user.id).company, base.Company)
    user.password, user.status, user.login = "one two three", "A", f"{user.login}b"
    user.save_or_raise()
    ShotRunner.set_login(user.login, "one two three")
    assert User.find(user.id).login == user.login


@pytest.mark.usefixtures("logged_in")
def test_what_is_refused_is_raised_with_its_reason_and_a_note_is_answered() -> None:
    project = Project.create({"code": f"WRAP{next(numbers)}"})
    note = Note.create({"noteable_type": "Project", "noteable_id": project.id, "message": "one"})
    answer = note.reply("two")
    assert (answer.parent_id, answer.noteable_id) == (note.id, project.id)
    project.code = ""
    with pytest.raises(NotSaved, match="blank"):
        project.save_or_raise()


@pytest.mark.usefixtures("logged_in")
def test_a_file_is_attached_and_read_back(tmp_path: Path) -> None:
    project = Project.create({"code": f"WRAP{next(numbers)}"})
    place = tmp_path / "logo.png"
    Image.new("RGB", (8, 8), "red").save(place)
    made = project.attach(str(place), description="ours")
    assert made.content() == place.read_bytes()
    made.use_as_thumbnail()
    assert Project.find(project.id).logo_image_id == made.id
    with pytest.raises(NotSaved):
        project.attach(str(place), project_id=10**9)


def test_the_config_file_is_for_its_owner_and_keeps_the_login(tmp_path: Path) -> None:
    target = tmp_path / "sr.config"
    target.write_text("old")
    target.chmod(0o666)
    login = Login("sam", "sam1: é", "tutorial", "json")
    write_config(login, str(target))
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert "sam1: é" not in target.read_text()
    assert read_config(str(target)) == login
    with pytest.raises(ConfigError, match="shotrunner-setup"):
        read_config(str(tmp_path / "none"))
    (tmp_path / "old").write_text("--- 2010\n")
    with pytest.raises(ConfigError):
        read_config(str(tmp_path / "old"))


def test_a_domain_is_a_prefix_or_a_whole_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SHOTRUNNER_URL", raising=False)
    assert site_of("tutorial") == "http://tutorial.shotrunner.com"
    assert site_of("http://tracker:8080") == "http://tracker:8080"
    monkeypatch.setenv("SHOTRUNNER_URL", "https://%s.studio.example")
    assert site_of("show") == "https://show.studio.example"


def test_the_set_up_command_writes_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "sr.config"
    monkeypatch.setattr(sys, "stdin", io.StringIO("sam1\n"))
    given = ["--user", "sam", "--domain", "tutorial", "--file", str(target), "--password-from-stdin"]
    assert main(given) == 0
    assert read_config(str(target)) == Login("sam", "sam1", "tutorial")


def test_debugging_prints_requests_and_never_the_password(
    site: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    ShotRunner.apply(Login(LOGIN, PASSWORD, site.url))
    logger = logging.getLogger("pyactiveresource")
    before = list(logger.handlers)
    try:
        ShotRunner.debug(logging.DEBUG)
        Project.find()
        said = capfd.readouterr().err
    finally:
        for each in [each for each in logger.handlers if each not in before]:
            logger.removeHandler(each)
        logger.setLevel(logging.NOTSET)
    assert "/projects.xml" in said
    assert "Authorization" not in said


def test_the_samples_are_numbered_as_in_the_document() -> None:
    numbered = [int(re.match(r"(\d{3})_", name)[1]) for name in SCRIPTS]  # type: ignore[index]
    assert sorted(set(numbered)) == numbered
    chapters = ((0, 0), (1, 99), (100, 109), (110, 199), (200, 299), (300, 399))
    for first, last in chapters:
        assert any(first <= each <= last for each in numbered), (first, last)
    assert all(any(first <= each <= last for first, last in chapters) for each in numbered)
    assert set(SCRIPTS) == set(SAID)


def silence() -> None:
    """Take back what `debug` did."""
    logger = logging.getLogger("pyactiveresource")
    for each in [each for each in logger.handlers if type(each) is logging.StreamHandler]:
        logger.removeHandler(each)
    logger.setLevel(logging.NOTSET)


SAID = {
    "000_setup_config.py": "is written",
    "001_test_login.py": "logged in as sam",
    "002_debug.py": "projects",
    "003_list_codes.py": "task_status      wip",
    "004_self_test.py": "reading, writing and deleting work",
    "100_list_projects.py": "",
    "101_create_shot.py": "SC010_0010 The first wip version 2",
    "102_notes.py": "re: Fixed in the next take.",
    "103_attachments.py": "plate.txt 1001-1096 as shot",
    "104_people.py": "anna P The house SAMPLE",
    "110_bulk_status.py": "SC010_0010 is done",
    "111_elements_and_tasks.py": "cg_bg cg comp cg",
    "112_project_terms.py": "task_status wip In Arbeit",
    "113_follow.py": "Mind the <strong>edges</strong>",
    "200_csv_export.py": "SC010,SC010_0010,done,96",
    "201_csv_import.py": "SC020_0010 is number",
    "202_json_snapshot.py": '"shot_code": "SC010_0010"',
    "300_onboard_vendor.py": "rosa of Rotoscope Ltd is member",
    "301_daily_report.py": "SAMPLE",
    "302_notes_of_the_day.py": "sam: Mind the *edges*",
}


@pytest.mark.parametrize("script", SCRIPTS)
def test_each_sample_runs(
    site: Any, folder: Path, script: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    arguments, sent = [], "sequence,shot,frames\nSC020,SC020_0010,48\n"
    if script.startswith("000"):
        arguments = ["--user", LOGIN, "--domain", site.url, "--password-from-stdin"]
        sent = f"{PASSWORD}\n"
    monkeypatch.setattr(sys, "argv", [script, *arguments])
    monkeypatch.setattr(sys, "stdin", io.StringIO(sent))
    try:
        runpy.run_path(str(FOLDER / script), run_name="__main__")
    except SystemExit as ended:
        assert not ended.code  # noqa: PT017
    finally:
        silence()
    assert SAID[script] in capfd.readouterr().out
