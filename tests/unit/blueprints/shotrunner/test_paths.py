"""The paths of the dialect: all there at both mounts, none that redirects, none that ends in a slash."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from zou_server.adapters.storage import LocalStorage
from zou_server.blueprints.shotrunner import MOUNTS, build_blueprint
from zou_server.blueprints.shotrunner.vocabulary import vocabularies
from zou_server.services.people.authenticate import Authenticator, LoginRules
from zou_server.services.rulebook import RULEBOOK
from zou_server.services.studio import Studio

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


@pytest.fixture(scope="module")
def app() -> Iterator[Flask]:
    """The dialect alone, with the defaults that Flask has, on a database that is not there."""
    nowhere = sa.create_engine("postgresql+psycopg2://nobody@127.0.0.1:1/none")
    app = Flask("alone")
    app.register_blueprint(
        build_blueprint(
            Studio(nowhere, nowhere, RULEBOOK),
            Authenticator(nowhere, nowhere, "secret", LoginRules()),
            LocalStorage(Path("/nowhere")),
            1 << 20,
        )
    )
    yield app
    nowhere.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A client without a login."""
    return app.test_client()


def test_every_type_is_at_both_mounts(client: FlaskClient) -> None:
    for mount in MOUNTS:
        for plural in vocabularies():
            for extension in ("json", "xml"):
                for path in (
                    f"{plural}.{extension}",
                    f"{plural}/5.{extension}",
                    f"{plural}/5/tasks.{extension}",
                ):
                    answer = client.get(f"{mount}/{path}")
                    assert answer.status_code == 401
                    assert answer.headers["WWW-Authenticate"].startswith("Basic ")
                    assert answer.mimetype == f"application/{extension}"
                    assert answer.get_data()


def test_no_path_redirects_or_ends_in_a_slash(app: Flask, client: FlaskClient) -> None:
    values = {"number": 5, "child_number": 6, "name": "tasks", "extension": "json", "size": "small"}
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith("shotrunner."):
            continue
        assert not rule.rule.endswith("/")
        built = rule.build({name: values[name] for name in rule.arguments})
        assert built is not None
        path = built[1]
        for each in (path, f"{path}/", "/" + path[1:].replace("/", "//"), path.replace(".json", "")):
            for method in METHODS:
                answer = client.open(each, method=method)
                assert answer.status_code in (401, 404, 405), (method, each)


def test_a_path_without_an_extension_is_not_of_this_dialect(client: FlaskClient) -> None:
    assert client.get("/shots").status_code == 404
    assert client.get("/shots/5").status_code == 404


def test_a_database_that_is_away_is_said_in_the_format_of_the_request(client: FlaskClient) -> None:
    answer = client.get("/shots.xml", auth=("sam", "sam1"))
    assert answer.status_code == 503
    assert answer.get_data().startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<errors><error>')
