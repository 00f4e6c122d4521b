"""ftrack_api, unmodified, keeps what goes with the work: metadata, time, lists, labels, jobs, reviews."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.clients.ftrack.show import Show, names
from tests.clients.ftrack.site import LOGIN, USER, ServerError, Session, Site, ftrack_api, unique


def test_metadata_is_kept_changed_found_and_removed(site: Site, session: Session, show: Show) -> None:
    shot = session.create(
        "Shot",
        {
            "name": unique("m"),
            "parent": session.get("Sequence", show.sequence),
            "metadata": {"a": "1", "b": "2"},
        },
    )
    session.commit()
    shot["metadata"]["a"] = "3"
    shot["metadata"]["c"] = "4"
    session.commit()
    del shot["metadata"]["b"]
    session.commit()

    with site.session() as again:
        found = again.get("Shot", shot["id"])
        assert dict(found["metadata"]) == {"a": "3", "c": "4"}
        assert again.query('Shot where metadata any (key is "a" and value is "3")').one()["id"] == shot["id"]
        assert not again.query('Shot where metadata any (key is "a" and value is "4")').all()
        row = again.get("Metadata", (shot["id"], "a"))
        assert (row["parent_type"], row["value"]) == ("Shot", "3")
        found["metadata"] = {"z": "9"}
        again.commit()
    with site.session() as again:
        assert dict(again.get("Shot", shot["id"])["metadata"]) == {"z": "9"}


def test_scopes_are_put_on_and_taken_off(site: Site, session: Session, show: Show) -> None:
    scope = session.create("Scope", {"name": unique("daily")})
    task = session.get("Task", show.task)
    task["scopes"].append(scope)
    session.commit()

    with site.session() as again:
        assert names(again.get("Task", show.task)["scopes"]) == [scope["name"]]
        assert again.query(f'Task where scopes.name is "{scope["name"]}"').one()["id"] == show.task
        again.get("Task", show.task)["scopes"] = []
        again.commit()
    with site.session() as again:
        assert again.get("Task", show.task)["scopes"][:] == []


def test_time_is_logged_by_hand_and_by_a_timer(site: Site, session: Session, show: Show) -> None:
    user = session.query(f'User where username is "{USER}"').one()
    task = session.get("Task", show.task)
    log = session.create("Timelog", {"user": user, "duration": 3600, "comment": "thinking"})
    task["timelogs"].append(log)
    session.commit()
    user.start_timer(task, comment="drawing")
    with pytest.raises(ftrack_api.exception.NotUniqueError):
        user.start_timer(task)
    session.rollback()
    logged = user.stop_timer()

    assert logged["context"]["id"] == show.task
    with site.session() as again:
        found = again.get("Task", show.task)["timelogs"]
        assert sorted(each["comment"] for each in found) == ["drawing", "thinking"]
        assert again.query("Timer").all() == []
        assert again.query("Task where timelogs any (duration >= 3600)").one()["id"] == show.task


def test_notes_have_recipients_labels_and_replies(site: Site, session: Session, show: Show) -> None:
    author = session.query(f'User where username is "{USER}"').one()
    other = session.create("User", {"username": unique("rec"), "email": f"{unique('r')}@x.io"})
    label = session.query("NoteLabel").first()
    session.commit()
    note = session.get("Shot", show.shots[1]).create_note(
        "look here", author=author, recipients=[other], labels=[label]
    )
    session.commit()
    note.create_reply("done", author=author)
    session.commit()

    with site.session() as again:
        found = again.get("Note", note["id"])
        assert {each["resource_id"] for each in found["recipients"]} == {author["id"], other["id"]}
        assert {each["recipient"]["id"] for each in found["recipients"]} == {author["id"], other["id"]}
        assert [each["label_id"] for each in found["note_label_links"]] == [label["id"]]
        assert found["category"]["id"] == label["id"]
        assert [each["content"] for each in found["replies"]] == ["done"]


def test_lists_hold_versions_and_tasks(site: Site, session: Session, show: Show) -> None:
    project = session.get("Project", show.project)
    category = session.query("ListCategory").first()
    task = session.get("Task", show.task)
    made = session.create(
        "TypedContextList",
        {"name": unique("todo"), "project": project, "category": category, "items": [task]},
    )
    session.commit()

    with site.session() as again:
        found = again.query(f'List where name is "{made["name"]}"').one()
        assert (found.entity_type, found["owner"]["username"]) == ("TypedContextList", LOGIN)
        assert [each["id"] for each in found["items"]] == [show.task]
        assert names(again.get("Task", show.task)["lists"]) == [made["name"]]
        assert again.query(f'Task where lists any (name is "{made["name"]}")').one()["id"] == show.task


def test_what_comes_before_what_is_linked(site: Site, session: Session, show: Show) -> None:
    before, after = (session.get("Shot", id_) for id_ in show.shots[:2])
    session.create("TypedContextLink", {"from": before, "to": after})
    session.commit()

    with site.session() as again:
        assert [each["to"]["id"] for each in again.get("Shot", before["id"])["outgoing_links"]] == [
            after["id"]
        ]
        assert names(each["from"] for each in again.get("Shot", after["id"])["incoming_links"]) == [
            before["name"]
        ]


def test_jobs_tell_how_far_they_are(session: Session) -> None:
    user = session.query(f'User where username is "{USER}"').one()
    job = session.create("Job", {"user": user, "status": "running", "data": '{"description": "render"}'})
    session.commit()
    job["status"] = "done"
    session.commit()

    assert session.query(f'Job where id is {job["id"]} and status is "done"').one()["type"] == "api_job"
    job["status"] = "sleeping"
    with pytest.raises(ServerError, match="status"):
        session.commit()
    session.rollback()


def test_a_review_session_has_versions_and_guests(site: Site, session: Session, show: Show) -> None:
    project = session.get("Project", show.project)
    asset = session.create("Asset", {"name": unique("cut"), "parent": project})
    version = session.create("AssetVersion", {"asset": asset})
    review = session.create("ReviewSession", {"name": "Monday", "description": "dailies", "project": project})
    session.create("ReviewSessionInvitee", {"name": "Guest", "email": "g@x.io", "review_session": review})
    shown = session.create(
        "ReviewSessionObject",
        {"name": "cut", "version": "Version 1", "asset_version": version, "review_session": review},
    )
    session.commit()
    shown.create_note("brighter", author=session.query(f'User where username is "{USER}"').one())
    session.commit()

    with site.session() as again:
        found = again.get("ReviewSession", review["id"])
        assert names(found["review_session_invitees"]) == ["Guest"]
        (item,) = found["review_session_objects"]
        assert (item["asset_version"]["id"], item["notes"][0]["content"]) == (version["id"], "brighter")
        assert found["created_by"]["username"] == LOGIN
        assert "Monday" in names(again.get("Project", show.project)["review_sessions"])


def test_groups_have_members(site: Site, session: Session) -> None:
    user = session.query(f'User where username is "{USER}"').one()
    group = session.create("Group", {"name": unique("crew")})
    session.create("Membership", {"group": group, "user": user})
    session.commit()

    with site.session() as again:
        found = again.query(f'Group where name is "{group["name"]}"').one()
        assert [each["user"]["username"] for each in found["memberships"]] == [LOGIN]
        assert found["id"] in [each["group_id"] for each in again.get("User", user["id"])["memberships"]]
        assert {each.entity_type for each in again.query("Resource")} >= {"User", "Group"}


def test_a_group_that_is_assigned_gives_its_members_the_task(
    site: Site, session: Session, show: Show
) -> None:
    names_ = [unique("member") for _ in range(3)]
    people = [session.create("User", {"username": name}) for name in names_]
    group = session.create("Group", {"name": unique("crew")})
    for person in people[:2]:
        session.create("Membership", {"group": group, "user": person})
    project, task = session.get("Project", show.project), session.get("Task", show.task)
    session.create("Appointment", {"context": task, "resource": people[1], "type": "assignment"})
    session.commit()
    session.create("Membership", {"group": group, "user": people[2]})
    session.create("Appointment", {"context": task, "resource": group, "type": "assignment"})
    session.create("Appointment", {"context": project, "resource_id": group["id"], "type": "allocation"})
    session.commit()

    with site.session() as again:
        resources = [each["resource"] for each in again.get("Task", show.task)["assignments"]]
        assert sorted(each["username"] for each in resources if each.entity_type == "User") == sorted(names_)
        (crew,) = [each for each in resources if each.entity_type == "Group"]
        assert [each["context"]["id"] for each in crew["assignments"]] == [show.task]
        team = again.query(
            f"select allocations.resource, allocations.type from Project where id is {show.project}"
        )
        allocated = {each["resource"]["id"] for each in team.one()["allocations"]}
        assert allocated >= {crew["id"], *(each["id"] for each in people)}
        mine = again.query(f'Task where assignments any (resource.username is "{names_[0]}")').all()
        assert [each["id"] for each in mine] == [show.task]
        of_group = f'Task where assignments any (resource.name is "{crew["name"]}")'
        assert [each["id"] for each in again.query(of_group).all()] == [show.task]
    session.create("Appointment", {"context": task, "resource": group, "type": "assignment"})
    with pytest.raises(ServerError, match="DuplicateEntryError: A record with the same unique values"):
        session.commit()
    session.rollback()


def test_members_come_and_go_with_their_group(site: Site, session: Session, show: Show) -> None:
    person = session.create("User", {"username": unique("member")})
    group = session.create("Group", {"name": unique("crew")})
    task = session.create("Task", {"name": unique("task"), "parent": session.get("Project", show.project)})
    appointment = session.create("Appointment", {"context": task, "resource": group, "type": "assignment"})
    session.commit()

    def assigned() -> list[str]:
        with site.session() as again:
            found = again.query(f"select assignments.resource from Task where id is {task['id']}").one()
            resources = [each["resource"] for each in found["assignments"]]
            return [each["id"] for each in resources if each.entity_type == "User"]

    assert assigned() == []
    membership = session.create("Membership", {"group": group, "user": person})
    session.commit()
    assert assigned() == [person["id"]]
    session.delete(membership)
    session.commit()
    assert assigned() == []
    session.create("Membership", {"group": group, "user": person})
    session.commit()
    session.delete(appointment)
    session.commit()
    assert assigned() == []


def test_people_are_assigned_to_shots(site: Site, session: Session, show: Show) -> None:
    person = session.create("User", {"username": unique("artist")})
    shot = session.get("Shot", show.shots[2])
    session.create("Appointment", {"context": shot, "resource": person, "type": "assignment"})
    session.create(
        "Appointment", {"context_id": show.sequence, "resource_id": person["id"], "type": "assignment"}
    )
    session.commit()
    with site.session() as again:
        (appointment,) = again.get("Shot", shot["id"])["assignments"]
        assert (appointment["resource"]["username"], appointment["type"]) == (
            person["username"],
            "assignment",
        )
        assert appointment["context"] is again.get("Shot", shot["id"])
        on = {each["context_id"] for each in again.get("User", person["id"])["assignments"]}
        assert on == {shot["id"], show.sequence}
        found = again.query(f'Shot where assignments any (resource.username is "{person["username"]}")')
        assert [each["id"] for each in found.all()] == [shot["id"]]
        assert [each["resource_id"] for each in again.get("Project", show.project)["allocations"]].count(
            person["id"]
        ) == 1
        assert again.query(f"Appointment where context_id is {shot['id']}").one() is appointment
        again.delete(appointment)
        again.commit()
        assert again.query(f"Appointment where context_id is {shot['id']}").all() == []


def test_a_calendar_event_is_kept(session: Session, show: Show) -> None:
    event = session.create(
        "CalendarEvent",
        {
            "name": unique("meeting"),
            "start": dt.datetime(2026, 5, 1, 9, tzinfo=dt.UTC),
            "end": dt.datetime(2026, 5, 1, 10, tzinfo=dt.UTC),
            "project": session.get("Project", show.project),
        },
    )
    session.commit()

    assert (
        session.query(f'CalendarEvent where start < "2026-05-02" and name is "{event["name"]}"').one()
        is event
    )


def test_a_setting_may_be_changed(session: Session) -> None:
    setting = session.query('Setting where name is "storage_scenario" and group is "STORAGE"').one()
    before = setting["value"]
    setting["value"] = "{}"
    session.commit()
    setting["value"] = before
    session.commit()

    assert session.get("Setting", ("storage_scenario", "STORAGE"))["value"] == before


def test_keys_of_metadata_that_differ_in_case_alone_are_two(site: Site, session: Session, show: Show) -> None:
    task = session.get("Task", show.task)
    for key in ("Renderer", "renderer", "RENDERER"):
        task["metadata"][key] = f"first {key}"
    session.commit()
    for key in ("renderer", "Renderer", "RENDERER"):
        sent = {"action": "update", "entity_type": "Metadata", "entity_key": [show.task, key]}
        assert site.post([{**sent, "entity_data": {"value": f"now {key}"}}], strict=True).ok
        with site.session() as later:
            assert later.get("Task", show.task)["metadata"][key] == f"now {key}"
    gone = {"action": "delete", "entity_type": "Metadata", "entity_key": [show.task, "renderer"]}
    assert site.post([gone], strict=True).ok
    with site.session() as later:
        kept = dict(later.get("Task", show.task)["metadata"].items())
        assert (kept["Renderer"], kept["RENDERER"], kept.get("renderer")) == (
            "now Renderer",
            "now RENDERER",
            None,
        )
