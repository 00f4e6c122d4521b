"""What the dialects share of Flask."""

from __future__ import annotations

from flask import Flask, url_for

from zou_server.web import MatchedRule


def test_a_route_is_found_by_its_address_and_its_address_can_be_made() -> None:
    app = Flask("app")
    app.url_rule_class = MatchedRule
    app.add_url_rule("/data/<kind>/<id>", "row", lambda kind, id: f"{kind} {id}")  # noqa: A006 - the route's
    assert app.test_client().get("/data/shots/7").text == "shots 7"
    with app.test_request_context():
        assert url_for("row", kind="a shot", id=7, page=2) == "/data/a%20shot/7?page=2"
