"""What studios put around ftrack_api: ftrack-query, unchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ftrack_query
from ftrack_query import attr, create, delete, or_, select, update

from tests.clients.ftrack.show import Show
from tests.clients.ftrack.site import Site, unique

if TYPE_CHECKING:
    from typing import Any


def connected(site: Site) -> Any:
    """A session of ftrack-query's, as the administrator."""
    with site.session() as plain:
        return ftrack_query.FTrackQuery(
            server_url=plain.server_url,
            api_user=plain.api_user,
            api_key=plain.api_key,
            auto_connect_event_hub=False,
        )


def test_ftrack_query_makes_finds_changes_and_deletes(site: Site, show: Show) -> None:
    name, other = unique("made"), unique("changed")
    with connected(site) as session:
        project = session.select("Project").where(id=show.project).one()
        session.execute(create("Sequence").values(name=name, parent=project))
        session.commit()
        assert session.select("Sequence").where(name=name).one()["project"] == project
        assert session.execute(update("Sequence").where(name=name).values(name=other)) == 1
        session.commit()
        assert session.select("Sequence").where(name=other).one()["name"] == other
        assert session.execute(delete("Sequence").where(name=other)) == 1
        session.commit()
        assert session.select("Sequence").where(name=other).first() is None


def test_statements_of_ftrack_query_mean_what_they_say(site: Site, show: Show) -> None:
    shots = select("Shot").where(project_id=show.project)
    with connected(site) as session:
        names = [each["name"] for each in session.execute(shots.order_by(attr("name").desc()))]
        assert names == sorted(names, reverse=True)
        assert len(names) >= 3
        asked = {
            shots.where(attr("name").in_(names[:2])): names[:2],
            shots.where(~attr("name").in_(names[:2])): names[2:],
            shots.where(attr("name").endswith(names[0][-2:])): names[:1],
            shots.where(or_(attr("name") == names[0], attr("name") == names[1])): names[:2],
            shots.where(attr("parent.name") == "SQ010"): names,
            shots.where(attr("parent").has(name="SQ010")): names,
            shots.where(attr("metadata").any(key="unknown")): [],
            shots.where(attr("parent_id").in_(select("Sequence").where(name="SQ010").subquery())): names,
        }
        for statement, wanted in asked.items():
            assert sorted(each["name"] for each in session.execute(statement)) == sorted(wanted)
