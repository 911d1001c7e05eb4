"""An engineer's software says over HTTP that an entry is wrong, and asks what became of it."""

import hashlib
import uuid
from dataclasses import replace

import orjson
import pytest

from app import clock
from moderation import consumers, policy, publishing, reviewing
from moderation.vocabulary import SYSTEM, Budget, Scope
from tests import builders
from tests.web.visitors import Visitor, database_of, one_app, signed_in

HERE = "/feed/v1/false-positives"
WHY = "It is the town's hospital, and half our users work there."


@pytest.fixture(scope="module")
def app(server, template, tmp_path_factory):
    yield from one_app(server, template, tmp_path_factory.mktemp("instance"))


@pytest.fixture(scope="module")
def listings(app):
    """A page and a name that networks carry."""
    found = {}
    with database_of(app).transaction() as session:
        for text, scope in (
            ("https://page.test/offer", Scope.PAGE),
            ("https://www.name.test/x", Scope.HOST),
            ("https://p.test/jobs/x", Scope.PATH),
        ):
            found[scope] = builders.listed(session, text, scope, at=clock.now()).listing
        publishing.release(session, at=clock.now())
    return found


@pytest.fixture
def ask(app):
    """Asks as a network of the test's own."""
    token = uuid.uuid4().hex
    with database_of(app).transaction() as session:
        digest = hashlib.sha256(token.encode()).digest()
        consumers.add_consumer(session, token, token_digest=digest, reference=uuid.uuid4(), address_formats=(), by=SYSTEM, at=builders.NOON)
    client, bearer = app.test_client(), {"Authorization": f"Bearer {token}"}

    def asking(body=None, **given):
        if given:
            body = orjson.dumps({"why": WHY} | given)
        return client.open(HERE, method="GET" if body is None else "POST", data=body, headers=bearer)

    asking.name = token
    return asking


def test_the_same_message_twice_is_one_message(ask, listings):
    first = ask(entry="https://page.test/offer", contact="noc@net.example")
    again = ask(listing=str(listings[Scope.PAGE]))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    assert (first.json["answer"], first.json["entry"], first.json["scope"]) == ("open", "https://page.test/offer", "page")
    assert first.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "entry", ["www.name.test", "*.www.name.test", "WWW.NAME.TEST.", "https://www.name.test/any/page", "below.www.name.test"]
)
def test_a_name_is_found_however_a_network_spells_it(ask, listings, entry):
    assert ask(entry=entry).json["entry"] == "www.name.test"


def test_a_path_is_found_as_the_list_writes_it(ask, listings):
    assert ask(entry="https://p.test/jobs/*").json["scope"] == "path"


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"1", b"{", b'{"why": ["a"]}', b'{"entry": 5}', b'{"why": "a\\u0000b"}', b"\xff\xfe"],
)
def test_what_is_no_message_is_refused_in_one_line_of_text(ask, body):
    answer = ask(body)
    assert (answer.status_code, answer.text.count("\n")) == (400, 1)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        *(({"entry": "blocktest.list.example"}, "entry"), ({"entry": "free.test"}, "entry"), ({"listing": "1"}, "entry"), ({}, "entry")),
        *(({"entry": "www.name.test", "why": "No."}, "why"), ({"entry": "www.name.test", "contact": "x" * 300}, "contact")),
        *(({"entry": "a.test b.test"}, "entry"), ({"entry": "' OR 1=1 --"}, "entry"), ({"entry": "x" * 5_000}, "entry")),
    ],
)
def test_what_is_wrong_with_a_message_is_said_by_field(ask, listings, given, field):
    answer = ask(orjson.dumps({"why": WHY} | given))
    assert (answer.status_code, list(answer.json["faults"])) == (422, [field])


def test_a_flood_of_messages_waits(ask, monkeypatch):
    monkeypatch.setattr(policy, "FALSE_POSITIVES", replace(policy.FALSE_POSITIVES, each=Budget(2, policy.FALSE_POSITIVES.each.per)))
    assert [ask(b"{}").status_code for _ in range(3)] == [422, 422, 429]


def test_more_than_a_message_is_not_even_read(ask):
    assert ask(b"x" * 20_000).status_code == 413


def test_without_a_token_nothing_is_taken_and_nothing_told(app):
    assert [app.test_client().open(HERE, method=method, data=b"{}").status_code for method in ("GET", "POST")] == [401, 401]


def test_a_network_reads_what_became_of_its_own_messages_alone(app, ask, listings):
    with database_of(app).transaction() as session:
        listing = builders.listed(session, "https://mistake.test/offer", at=clock.now()).listing
        publishing.release(session, at=clock.now())
    ask(entry="https://mistake.test/offer")
    with database_of(app).transaction() as session:
        reviewing.delist(session, listing, "It was a mistake of ours.", by=builders.person(session), at=clock.now())
    (one,) = ask().json["false_positives"]
    assert (one["answer"], one["entry"], bool(one["answered_at"])) == ("removed", "https://mistake.test/offer", True)


@pytest.mark.long
def test_a_moderator_sees_who_said_it_and_what_on_the_case_page(app, ask, listings):
    said = "Our own <b>hospital</b> & its page."
    with database_of(app).transaction() as session:
        case = builders.case(session, "https://seen.test/offer", at=clock.now())
        builders.listed(session, "https://seen.test/offer", at=clock.now())
        publishing.release(session, at=clock.now())
    ask(entry="https://seen.test/offer", why=said, contact="noc@net.example")
    visitor: Visitor = signed_in(app)
    visitor.get(f"/desk/cases/{case.reference}")
    assert [part in visitor.page for part in (ask.name, "noc@net.example", "Our own &lt;b&gt;hospital&lt;/b&gt; &amp; its page.")] == [
        True
    ] * 3
    assert "A network says that this listing is wrong" in visitor.page
