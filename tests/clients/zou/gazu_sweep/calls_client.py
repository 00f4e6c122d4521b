"""How each function of gazu.client is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace

import gazu
from requests import Response

from tests.clients.zou.gazu_sweep.stage import Stage, has, there


def create_client(s: Stage) -> bool:
    s.g.called.add("client.create_client")  # it takes no client, it makes one
    other = gazu.client.create_client(f"{s.url}/api")
    return bool(gazu.log_in(s.email, s.password, client=other)["user"]["id"] == s.me["id"])


def _plain(name: str, call: Callable[[], bool]) -> Callable[[Stage], bool]:
    """A function that speaks to no server, called as it is."""

    def run(s: Stage) -> bool:
        s.g.called.add(f"client.{name}")
        return call()

    return run


def answer(body: bytes) -> Response:
    """What a server might have said."""
    made = Response()
    made._content = body  # noqa: SLF001 - the only way to make one
    return made


def set_host(s: Stage) -> bool:
    host = s.g.client.get_host()
    try:
        return s.g.client.set_host(f"{host}/x") == f"{host}/x"
    finally:
        s.g.client.set_host(host)


def set_event_host(s: Stage) -> bool:
    host = s.g.client.get_event_host()
    try:
        return s.g.client.set_event_host(s.url) == s.url
    finally:
        s.g.client.set_event_host(host)


def set_tokens(s: Stage) -> bool:
    tokens = s.client.tokens
    return s.g.client.set_tokens(tokens) == tokens and s.g.user.is_authenticated()


def check_status(s: Stage) -> bool:
    code, retry = s.g.client.check_status(SimpleNamespace(status_code=200), "data/projects")
    return (code, retry) == (200, False)


def put(s: Stage) -> bool:
    made = s.new_project()
    return s.g.client.put(f"data/projects/{made['id']}", {"fps": "30"})["fps"] == "30"


def delete(s: Stage) -> bool:
    made = s.new_asset()
    return s.g.client.delete(f"data/assets/{made['id']}", {"force": True}) == ""


def fetch_all(s: Stage) -> bool:
    paged = s.g.client.fetch_all("task-types", paginated=True, limit=5)
    return len(paged) == len(s.g.client.fetch_all("task-types")) > 5


def update(s: Stage) -> bool:
    made = s.new_project()
    return s.g.client.update("projects", made["id"], {"ratio": "4:3"})["ratio"] == "4:3"


def upload(s: Stage) -> bool:
    made = s.new_person()
    answer = s.g.client.upload(f"pictures/thumbnails/persons/{made['id']}", s.picture)
    return made["id"] in answer["thumbnail_path"]


def download(s: Stage) -> bool:
    path = s.file(".png")
    s.g.client.download(f"pictures/thumbnails/preview-files/{s.preview['id']}.png", path)
    return Path(path).read_bytes()[:4] == b"\x89PNG"


def get_file_data_from_url(s: Stage) -> bool:
    data = s.g.client.get_file_data_from_url(f"pictures/thumbnails/preview-files/{s.preview['id']}.png")
    return bool(data[:4] == b"\x89PNG")


def import_data(s: Stage) -> bool:
    project = s.g.client.fetch_one("projects", s.new_project()["id"])
    row = {**project, "description": "From elsewhere"}
    s.g.client.import_data("projects", [row])
    return s.g.project.get_project(project["id"])["description"] == "From elsewhere"


CALLS: Mapping[str, Callable[[Stage], bool]] = {
    "create_client": create_client,
    "host_is_up": lambda s: s.g.client.host_is_up(),
    "host_is_valid": lambda s: s.g.client.host_is_valid(),
    "get_host": lambda s: s.g.client.get_host() == f"{s.url}/api",
    "get_api_url_from_host": lambda s: s.g.client.get_api_url_from_host() == s.url,
    "set_host": set_host,
    "get_event_host": lambda s: s.g.client.get_event_host() == f"{s.url}/api",
    "set_event_host": set_event_host,
    "set_tokens": set_tokens,
    "make_auth_header": lambda s: s.g.client.make_auth_header()["Authorization"].startswith("Bearer "),
    "url_path_join": _plain("url_path_join", lambda: gazu.client.url_path_join("/a/", "b") == "a/b"),
    "get_full_url": lambda s: s.g.client.get_full_url("data/projects") == f"{s.url}/api/data/projects",
    "build_path_with_params": _plain(
        "build_path_with_params",
        lambda: gazu.client.build_path_with_params("a", {"b": [1, 2]}) == "a?b=1&b=2",
    ),
    "get": lambda s: (
        there(s.project)
        and has(s.g.client.get("data/projects", params={"name": "The Series"}), id=s.project["id"])
    ),
    "post": lambda s: s.g.client.post("data/departments", {"name": s.name("Craft")})["id"] != "",
    "put": put,
    "delete": delete,
    "get_message_from_data": _plain(
        "get_message_from_data", lambda: gazu.client.get_message_from_data({"message": "No"}) == "No"
    ),
    "get_message_from_response": _plain(
        "get_message_from_response",
        lambda: gazu.client.get_message_from_response(answer(b'{"message": "No"}')) == "No",
    ),
    "check_status": check_status,
    "fetch_all": fetch_all,
    "fetch_first": lambda s: s.g.client.fetch_first("task-status", {"short_name": "wip"})["is_wip"] is True,
    "fetch_one": lambda s: s.g.client.fetch_one("projects", s.project["id"])["name"] == "The Series",
    "create": lambda s: s.g.client.create("departments", {"name": s.name("Craft")})["id"] != "",
    "update": update,
    "upload": upload,
    "download": download,
    "get_file_data_from_url": get_file_data_from_url,
    "import_data": import_data,
    "get_api_version": lambda s: s.g.client.get_api_version().count(".") >= 2,
    "get_current_user": lambda s: s.g.client.get_current_user()["email"] == s.email,
}
