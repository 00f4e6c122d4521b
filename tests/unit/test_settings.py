"""The settings: read from the environment, refused by name when unusable."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from zou_server.data_dir import SettingsError, default_data_dir
from zou_server.setting_values import variable_of
from zou_server.settings import Settings, describe_settings


def read(tmp_path: Path, **env: str) -> Settings:
    """Read settings from these variables alone, with a data directory that may be written."""
    return Settings.from_env({"ZOU_SERVER_DATA_DIR": str(tmp_path), **env})


def test_every_setting_has_a_default(tmp_path: Path) -> None:
    settings = read(tmp_path)
    assert (settings.host, settings.port, settings.workers) == ("127.0.0.1", 5000, 2)
    assert settings.database_url == ""
    assert settings.access_token_hours == 168


def test_every_setting_has_a_help_that_ends_in_a_full_stop() -> None:
    for setting in describe_settings():
        assert setting.help.endswith("."), setting.name


def test_a_variable_sets_the_setting_of_its_name(tmp_path: Path) -> None:
    assert read(tmp_path, ZOU_SERVER_PAGE_SIZE="7").page_size == 7


def test_an_empty_variable_is_as_good_as_none(tmp_path: Path) -> None:
    assert read(tmp_path, ZOU_SERVER_PORT="").port == 5000


@pytest.mark.parametrize(
    ("text", "said"),
    [("true", True), ("1", True), ("On", True), ("False", False), ("0", False), ("no", False), ("", False)],
)
def test_a_switch_is_off_when_its_variable_says_so(tmp_path: Path, text: str, *, said: bool) -> None:
    assert read(tmp_path, ZOU_SERVER_SHOTGUN_OPEN_DOWNLOADS=text).shotgun_open_downloads is said


def test_an_option_wins_over_a_variable_and_an_absent_option_does_not(tmp_path: Path) -> None:
    env = {"ZOU_SERVER_DATA_DIR": str(tmp_path), "ZOU_SERVER_PORT": "1", "ZOU_SERVER_HOST": "::1"}
    settings = Settings.from_env(env, port=2, host=None)
    assert (settings.port, settings.host) == (2, "::1")


def test_an_unknown_variable_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="unknown setting ZOU_SERVER_PROT; the settings are"):
        read(tmp_path, ZOU_SERVER_PROT="1")


def test_an_unknown_option_is_refused_by_name() -> None:
    with pytest.raises(SettingsError, match="no setting called prot"):
        Settings.from_env({}, prot=1)


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("ZOU_SERVER_PORT", "http", "ZOU_SERVER_PORT must be a whole number, not 'http'"),
        ("ZOU_SERVER_WORKERS", "0", "ZOU_SERVER_WORKERS must be at least 1, not 0"),
        ("ZOU_SERVER_LOG_FORMAT", "xml", "ZOU_SERVER_LOG_FORMAT must be one of json, text, not 'xml'"),
        (
            "ZOU_SERVER_SHOTGUN_OPEN_DOWNLOADS",
            "maybe",
            "ZOU_SERVER_SHOTGUN_OPEN_DOWNLOADS must be one of true, yes, .*, not 'maybe'",
        ),
        ("DATABASE_URL", "mysql://x", "DATABASE_URL must begin with postgresql://, not 'mysql'"),
    ],
)
def test_a_bad_value_is_refused_naming_the_variable(
    tmp_path: Path, variable: str, value: str, message: str
) -> None:
    with pytest.raises(SettingsError, match=message):
        read(tmp_path, **{variable: value})


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg2"])
def test_the_database_url_gets_the_driver_we_use(tmp_path: Path, scheme: str) -> None:
    assert read(tmp_path, DATABASE_URL=f"{scheme}://u@h/d").database_url == "postgresql+psycopg2://u@h/d"


def test_the_secret_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    first, second = read(tmp_path), read(tmp_path)
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 32
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600


def test_a_given_secret_key_is_kept_nowhere(tmp_path: Path) -> None:
    assert read(tmp_path, ZOU_SERVER_SECRET_KEY="k" * 40).secret_key == "k" * 40
    assert not (tmp_path / "secret.key").exists()


def test_an_empty_secret_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.key").touch()
    with pytest.raises(SettingsError, match=r"secret\.key is empty; delete it"):
        read(tmp_path)


def test_a_data_directory_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match=r"cannot make the data directory .*ZOU_SERVER_DATA_DIR"):
        read(tmp_path / "file" / "data")


def test_secrets_do_not_show_when_settings_are_printed(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        ZOU_SERVER_SECRET_KEY="hush-key",
        ZOU_SERVER_METRICS_TOKEN="hush-token",
        DATABASE_URL="postgresql://u:hush-password@h/d",
    )
    assert "hush" not in repr(settings)


@pytest.mark.parametrize("switch", ["yes", "no"])
def test_a_child_process_gets_the_very_same_settings(tmp_path: Path, switch: str) -> None:
    settings = read(
        tmp_path / "with a space",
        ZOU_SERVER_METRICS_TOKEN="t",
        ZOU_SERVER_SHOTGUN_OPEN_DOWNLOADS=switch,
        DATABASE_URL="postgresql://h/d%20",
    )
    assert Settings.from_env(settings.to_env()) == settings


def test_the_url_is_one_that_a_browser_on_this_machine_can_open(tmp_path: Path) -> None:
    assert read(tmp_path, ZOU_SERVER_HOST="0.0.0.0").url == "http://127.0.0.1:5000"  # noqa: S104
    assert read(tmp_path, ZOU_SERVER_HOST="::1").url == "http://[::1]:5000"


def test_a_person_has_the_data_where_the_platform_puts_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr("sys.platform", "linux")
    assert default_data_dir({"XDG_DATA_HOME": "/data"}) == Path("/data/zou-server")


def test_only_the_database_has_a_variable_without_our_prefix() -> None:
    assert [each.name for each in describe_settings() if not each.variable.startswith("ZOU_SERVER_")] == [
        "database_url"
    ]
    assert variable_of("page_size") == "ZOU_SERVER_PAGE_SIZE"


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({}, "ZOU_SERVER_S3_BUCKET"),
        ({"s3_bucket": "files", "s3_access_key": "AKIA"}, "ZOU_SERVER_S3_SECRET_KEY"),
    ],
)
def test_half_a_bucket_is_refused_by_name(tmp_path: Path, given: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        Settings.from_env({}, data_dir=tmp_path, storage="s3", **given)
