"""Forums of ShotRunner: threads, who watches them and subscribes to objects, and the mails that tell them."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from pyactiveresource import connection

from tests.clients.shotrunner.site import classes, inside, numbers, person
from tests.contracts.statements import noted
from zou_server.adapters.mail import message_of
from zou_server.models.registry import facet
from zou_server.services.people.mails import Post
from zou_server.services.ports import Mail
from zou_server.services.production.mail_note import mail_note
from zou_server.services.write.operations import Create, Ref
from zou_server.settings import Settings

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

JOBS = "SELECT task_name, args FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id"


def login_of(sr: Any) -> str:
    """A name that nobody has."""
    return f"forum{sr.extension}{next(numbers)}"


def thread(sr: Any, show: Any, **values: object) -> Any:
    """A note on the shot."""
    about = {"noteable_type": "Shot", "noteable_id": show.shot.id, "message": "soft edges"}
    return sr.Note.create({**about, **values})


def jobs(site: Any) -> list[dict[str, Any]]:
    """The notes that mails wait for."""
    with site.engine.connect() as connection:
        return [args for name, args in connection.execute(sa.text(JOBS)) if name == "mail_note"]


class Kept:
    """A mailer that keeps what it is given."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []

    def send(self, mail: Mail) -> None:
        """Keep it."""
        self.mails.append(mail)


def ids(found: Any) -> list[int]:
    """The numbers of objects."""
    return sorted(each["id"] if isinstance(each, dict) else each.id for each in found)


def test_a_reply_is_about_what_its_thread_is_about(sr: Any, show: Any) -> None:
    note = thread(sr, show)
    answer = sr.Note.create({"parent_id": note.id, "message": "re"})
    assert (answer.noteable_type, answer.noteable_id) == ("Shot", show.shot.id)
    wrong = {"parent_id": note.id, "noteable_type": "Sequence", "noteable_id": show.sequence.id}
    assert sr.Note.create({**wrong, "message": "re"}).id is None


def test_no_note_is_below_itself(sr: Any, show: Any) -> None:
    note = thread(sr, show)
    answer = sr.Note.create({"parent_id": note.id, "message": "re"})
    note.parent_id = note.id
    assert not note.save()
    note.parent_id = answer.id
    assert not note.save()
    assert sr.Note.find(note.id).parent_id is None


def test_a_note_says_something_in_its_title_or_message(sr: Any, show: Any) -> None:
    assert thread(sr, show, message="").id is None
    assert thread(sr, show, message=" \n").id is None
    note = thread(sr, show, message="", title="only this")
    assert note.id
    note.title = ""
    assert not note.save()


def test_people_watch_threads_and_subscribe_to_objects(site: Any, sr: Any, show: Any) -> None:
    login = login_of(sr)
    user = person(sr, login)
    sr.Member.create({"user_id": user.id, "project_id": show.project.id})
    note = thread(sr, show)
    answer = sr.Note.create({"parent_id": note.id, "message": "re"})
    theirs = classes(site.url, sr.extension, login)
    theirs.Note.find(answer.id).put("watch")
    theirs.Shot.find(show.shot.id).put("subscribe")
    assert ids(note.get("watchers")) == [user.id] == ids(answer.get("watchers"))
    assert ids(show.shot.get("subscribers")) == [user.id]
    theirs.Note.find(note.id).delete("watch")
    theirs.Shot.find(show.shot.id).delete("subscribe")
    assert ids(note.get("watchers") or []) == [] == ids(show.shot.get("subscribers") or [])


def test_a_reply_is_mailed_to_who_watches_and_may_see_it(site: Any, sr: Any, show: Any) -> None:
    watcher, stranger = person(sr, login_of(sr)), person(sr, login_of(sr))
    note = thread(sr, show)
    for each in (watcher, stranger):
        each.email = f"{each.login}@example.com"
        assert each.save()
        member = sr.Member.create({"user_id": each.id, "project_id": show.project.id})
        mine = classes(site.url, sr.extension, each.login)
        mine.Note.find(note.id).put("watch")
    member.destroy()  # a stranger from now on
    before = len(jobs(site))
    answer = sr.Note.create({"parent_id": note.id, "message": "*done* <script>x()</script>"})
    assert len(jobs(site)) == before + 1
    with site.engine.connect() as connection:
        asked = sa.text("SELECT id FROM object WHERE kind = 'Note' AND number = :number")
        note_id = connection.scalar(asked, {"number": answer.id})
    secret = Settings.from_env({}).secret_key
    assert mail_note(site.inside, Post(secret), note_id) == 1


def test_mails_of_a_thread_are_one_conversation_to_mail_programs(site: Any, sr: Any, show: Any) -> None:
    listener = person(sr, login_of(sr))
    listener.email = f"{listener.login}@example.com"
    assert listener.save()
    sr.Member.create({"user_id": listener.id, "project_id": show.project.id})
    head = thread(sr, show)
    classes(site.url, sr.extension, listener.login).Note.find(head.id).put("watch")
    answer = sr.Note.create({"parent_id": head.id, "message": "one"})
    second = sr.Note.create({"parent_id": answer.id, "message": "two"})
    with site.engine.connect() as connected:
        asked = sa.text("SELECT number, id FROM object WHERE kind = 'Note' AND number = ANY(:numbers)")
        rows = connected.execute(asked, {"numbers": [head.id, answer.id, second.id]})
        known = {number: id_ for number, id_ in rows}  # noqa: C416 - a row is no pair to dict()
    names = [f"<note.{known[each.id]}@zou-server>" for each in (head, answer, second)]
    secret = Settings.from_env({}).secret_key
    assert mail_note(site.inside, Post(secret), known[answer.id], known[second.id]) == 2
    with site.engine.connect() as connected:
        sealed = [args["sealed"] for name, args in connected.execute(sa.text(JOBS)) if name == "send_mail"]
    kept = Kept()
    for each in sealed[-2:]:
        Post(secret).send(kept, each)
    first, last = (message_of(each, "studio@example.com") for each in kept.mails)
    assert (first["Message-ID"], first["In-Reply-To"], first["References"]) == (names[1], names[0], names[0])
    assert (last["Message-ID"], last["In-Reply-To"]) == (names[2], names[1])
    assert last["References"].split() == names[:2]


def test_many_new_notes_order_their_mails_by_as_many_statements_as_two(site: Any, show: Any) -> None:
    show.shot.put("subscribe")
    about = Ref("Shot", show.shot.id)
    counts = []
    for size in (2, 20):
        notes = [Create(facet("Note"), {"text": "x", "object_id": about}) for _ in range(size)]
        with noted(site.inside.writes) as statements, inside(site) as work:
            work.execute(notes)
        counts.append(len(statements))
    assert 0 < counts[0] == counts[1]


def test_who_starts_a_thread_says_whom_it_is_for_and_they_get_a_mail(site: Any, sr: Any, show: Any) -> None:
    login = login_of(sr)
    people = [person(sr, name) for name in (login, f"{login}b")]
    for each in people:
        each.email = f"{each.login}@example.com"
        assert each.save()
        sr.Member.create({"user_id": each.id, "project_id": show.project.id})
    theirs = classes(site.url, sr.extension, login)
    before = len(jobs(site))
    note = thread(theirs, show, watcher_ids=[people[1].id])
    assert ids(note.get("watchers")) == [people[1].id]
    assert "watcher_ids" not in sr.Note.find(note.id).to_dict()
    (job,) = jobs(site)[before:]
    secret = Settings.from_env({}).secret_key
    assert mail_note(site.inside, Post(secret), uuid.UUID(job["note_ids"][0])) == 1
    answer = sr.Note.create({"parent_id": note.id, "message": "re", "watcher_ids": [people[0].id]})
    assert ids(answer.get("watchers")) == sorted(each.id for each in people)
    for wrong in ([10**9], ["x"], [people[0].id, show.project.id]):
        assert thread(theirs, show, watcher_ids=wrong).id is None


def test_a_refused_reply_is_mailed_to_nobody(site: Any, sr: Any, show: Any) -> None:
    note = thread(sr, show)
    note.put("watch")
    before = len(jobs(site))
    assert sr.Note.create({"parent_id": note.id, "message": ""}).id is None
    assert len(jobs(site)) == before


def test_textile_is_kept_as_it_is_and_shown_as_safe_html_on_demand(sr: Any, show: Any) -> None:
    text = 'h2. Look\n\n*bold* <script>alert(1)</script> "here":http://example.com'
    note = thread(sr, show, message=text)
    assert sr.Note.find(note.id).message == text
    shown = note.get("html")
    html = shown.get("note", shown)["message_html"]
    assert "<strong>bold</strong>" in html
    assert "<h2>Look</h2>" in html
    assert "script" not in html
    assert 'href="http://example.com"' in html


def test_a_list_below_an_object_is_its_own_and_deep_ones_are_of_all_below(sr: Any, show: Any) -> None:
    element = sr.Element.create({"label": "fg", "shot_id": show.shot.id})
    task = sr.Task.create({"taskable_type": "Element", "taskable_id": element.id, "title": "roto"})
    order = (show.project, show.sequence, show.shot, element, task)
    made: dict[str, list[int]] = {"notes": [], "attachments": []}
    for about in order:
        kind, number = type(about).__name__, about.id
        made["notes"].append(
            sr.Note.create({"noteable_type": kind, "noteable_id": number, "message": "x"}).id
        )
        where = {"attachment_container_type": kind, "attachment_container_id": number}
        made["attachments"].append(sr.Attachment.create({"title": "x", **where}).id)
    for name, numbers_of in made.items():
        for place, about in enumerate(order):
            path = f"/{type(about).plural}/{about.id}/{name}.{sr.extension}"
            assert ids(sr.Base.find(from_=path)) == [numbers_of[place]]
            assert ids(sr.Base.find(from_=path, deep=1)) == sorted(numbers_of[place:])
    head = made["notes"][2]
    answer = sr.Note.create({"parent_id": head, "message": "re"})
    second = sr.Note.create({"parent_id": answer.id, "message": "re re"})
    path = f"/notes/{head}/notes.{sr.extension}"
    assert ids(sr.Note.find(from_=path)) == [answer.id]
    assert ids(sr.Note.find(from_=path, deep=True)) == [answer.id, second.id]
    with pytest.raises(connection.BadRequest):
        sr.Note.find(from_=path, deep="maybe")
    with pytest.raises(connection.BadRequest):
        sr.Note.find(deep=1)
