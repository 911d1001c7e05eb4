"""A network's tokens, addresses and transfer keys on its own pages: shown once, its own alone, and ended at once."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app import clock, secrets_shown
from moderation import consumers, policy
from moderation.models import AuditRecord, Consumer, ConsumerToken
from tests.web.engineers import engineer_of, reference_of, secret_on
from tests.web.visitors import database_of, one_app

REPLACE = re.compile(r"/network/tokens/([0-9a-f-]{36})/replace")


@pytest.fixture(scope="module")
def app(server, template, tmp_path_factory):
    yield from one_app(server, template, tmp_path_factory.mktemp("instance"))


@pytest.fixture
def engineer(app):
    return engineer_of(app)


@pytest.fixture(autouse=True)
def _nothing_is_remembered(monkeypatch):
    """What is remembered for half a second has tests of its own."""
    monkeypatch.setattr(policy, "AUTHORISATION_HELD", timedelta())


def make(engineer, **form):
    """A token, as its page shows it."""
    engineer.get("/network/tokens")
    answer = engineer.post("/network/tokens", {"label": "resolvers", "lifetime": "365"} | form)
    return secret_on(engineer) if answer.status_code == 200 else None


def opens(app, token, file="", **how):
    """What the feed answers: 503 is as good as a file where no release was written."""
    return app.test_client().get(f"/feed/v1/{file}", headers={"Authorization": f"Bearer {token}"}, **how).status_code


def stored(app, token):
    with database_of(app).reading() as session:
        return session.scalars(select(ConsumerToken).where(ConsumerToken.digest == secrets_shown.digest(token))).one()


# --- Tokens


def test_a_token_works_at_once_and_is_shown_once(app, engineer):
    token = make(engineer)
    assert opens(app, token) == 503
    assert token not in engineer.get("/network/tokens").text
    assert token not in engineer.get("/network/").text


def test_a_token_opens_what_it_is_for_and_nothing_else(app, engineer):
    token = make(engineer, scopes=["rpz.zone", "changes"])
    assert [opens(app, token, file) for file in ("", "rpz.zone", "rpz.zone.gz", "changes?since=0", "changes/0-1")] == [503] * 5
    narrow = ("hosts.txt", "feed.jsonl", "hosts.txt.gz", "r/1/abc/hosts.txt", "dry-run?since=0&format=hosts.txt")
    assert [opens(app, token, file) for file in narrow] == [403] * 5


def test_a_token_for_one_file_learns_nothing_of_others_by_a_dry_run(app, engineer):
    token = make(engineer, scopes=["rpz.zone"])
    assert opens(app, token, "dry-run?since=0") == 403
    assert opens(app, token, "dry-run?since=0&format=rpz.zone") == 503
    posted = app.test_client().post("/feed/v1/dry-run?format=rpz.zone", data="a.example", headers={"Authorization": f"Bearer {token}"})
    assert posted.status_code == 403


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"label": "x" * 201}, "Give it a name of at most 200 characters."),
        ({"scopes": ["../secret"]}, "Choose from the formats shown."),
        ({"lifetime": "99999"}, "Choose one of the times shown."),
        ({"lifetime": "-1"}, "Choose one of the times shown."),
    ],
)
def test_a_token_that_cannot_be_is_refused_and_what_was_typed_stays(app, engineer, form, said):
    engineer.get("/network/tokens")
    answer = engineer.post("/network/tokens", {"label": "my resolvers", "lifetime": "90", "scopes": ["hosts.txt"]} | form)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert 'value="my resolvers"' in answer.text or "label" in form
    assert re.search(r'value="hosts.txt" autocomplete="off" checked', answer.text) or "scopes" in form


def test_a_network_has_as_many_tokens_as_it_may_and_no_more(app, engineer):
    with database_of(app).transaction() as session:
        consumer = session.scalars(select(Consumer.id).where(Consumer.name == engineer.name)).one()
        session.add_all(
            ConsumerToken(consumer_id=consumer, digest=secrets_shown.digest(f"{engineer.name}{number}"), created_at=clock.now())
            for number in range(policy.CONSUMER_TOKENS - 1)
        )
    assert make(engineer) is None
    assert "as many tokens as one network may have" in engineer.page


def test_a_token_in_the_place_of_another_works_beside_it_until_the_page_says(app, engineer):
    old = make(engineer, scopes=["rpz.zone"], lifetime="90")
    engineer.get("/network/tokens")
    page = engineer.post(f"/network/tokens/{REPLACE.search(engineer.page)[1]}/replace").text
    new = secret_on(engineer)
    assert [opens(app, token, "rpz.zone") for token in (old, new)] == [503, 503]
    assert opens(app, new, "hosts.txt") == 403
    ends = stored(app, old).expires_at
    assert ends.strftime("%Y-%m-%d %H:%M UTC") in page
    assert ends - clock.now() <= policy.CONSUMER_TOKEN_OVERLAP
    assert stored(app, new).expires_at - stored(app, new).created_at == timedelta(days=90)


def test_replacing_a_token_never_makes_it_live_longer(app, engineer):
    old = make(engineer)
    soon = clock.now() + timedelta(hours=1)
    with database_of(app).transaction() as session:
        session.execute(update(ConsumerToken).where(ConsumerToken.digest == secrets_shown.digest(old)).values(expires_at=soon))
    engineer.get("/network/tokens")
    engineer.post(f"/network/tokens/{stored(app, old).reference}/replace")
    assert stored(app, old).expires_at == soon


def test_a_revoked_token_opens_nothing_and_is_replaced_by_none(app, engineer):
    token = make(engineer)
    reference = stored(app, token).reference
    engineer.get("/network/tokens")
    engineer.post(f"/network/tokens/{reference}/revoke")
    assert "The token is revoked." in engineer.follow().text
    assert opens(app, token) == 401
    assert engineer.post(f"/network/tokens/{reference}/replace").status_code == 404


def test_a_token_that_ends_soon_is_pointed_out(app, engineer):
    make(engineer, lifetime="30", label="the short one")
    assert "the short one” ends at" in engineer.get("/network/").text.replace("&#34;", '"')


def test_what_is_done_with_tokens_is_on_record_without_the_token(app, engineer):
    token = make(engineer)
    with database_of(app).reading() as session:
        rows = session.scalars(select(AuditRecord).where(AuditRecord.subject == f"consumer:{reference_of(app, engineer.name)}")).all()
    assert rows[-1].action == "consumer token added"
    assert rows[-1].actor == f"consumer:{reference_of(app, engineer.name)}"
    assert token not in str([(row.actor, row.action, row.subject, row.detail) for row in rows])


# --- Others' tokens


@pytest.mark.parametrize("act", ["replace", "revoke"])
def test_nobody_touches_another_networks_token(app, engineer, act):
    other = engineer_of(app)
    token = make(other)
    engineer.get("/network/tokens")
    assert engineer.post(f"/network/tokens/{stored(app, token).reference}/{act}").status_code == 404
    assert opens(app, token) == 503
    assert stored(app, token).revoked_at is None


def test_nobody_sees_what_is_another_networks(app, engineer):
    other = engineer_of(app)
    make(other, label="only theirs")
    pages = [engineer.get(address).text for address in ("/network/", "/network/tokens", "/network/addresses", "/network/transfer")]
    assert [page for page in pages if "only theirs" in page or other.name in page] == []


# --- Addresses


def test_a_file_is_fetched_by_address_once_it_is_chosen_and_no_other(app, engineer):
    token = make(engineer)
    client = app.test_client()
    assert client.get(f"/feed/v1/t/{token}/rpz.zone").status_code == 404
    engineer.get("/network/addresses")
    engineer.post("/network/addresses/files", {"files": ["rpz.zone", "changes"]})
    assert "Kept." in engineer.follow().text
    assert client.get(f"/feed/v1/t/{token}/rpz.zone").status_code == 503
    assert client.get(f"/feed/v1/t/{token}/changes?since=0").status_code == 503
    assert client.get(f"/feed/v1/t/{token}/hosts.txt").status_code == 404
    shown = make(engineer)
    assert f"/feed/v1/t/{shown}/rpz.zone" in engineer.page


def test_a_token_that_is_not_for_a_file_does_not_open_it_by_address_either(app, engineer):
    engineer.get("/network/addresses")
    engineer.post("/network/addresses/files", {"files": ["rpz.zone", "hosts.txt"]})
    token = make(engineer, scopes=["hosts.txt"])
    assert f"/feed/v1/t/{token}/rpz.zone" not in engineer.page
    client = app.test_client()
    assert [client.get(f"/feed/v1/t/{token}/{file}").status_code for file in ("hosts.txt", "rpz.zone")] == [503, 404]


def keep(engineer, networks):
    engineer.get("/network/addresses")
    return engineer.post("/network/addresses/networks", {"networks": networks})


def test_tokens_come_from_the_networks_that_are_listed_and_a_stranger_is_told_where_they_are(app, engineer):
    token = make(engineer)
    keep(engineer, "192.0.2.0/24, 2001:db8::/32")
    inside = [opens(app, token, environ_overrides={"REMOTE_ADDR": one}) for one in ("192.0.2.7", "2001:db8::7", "::ffff:192.0.2.8")]
    assert inside == [503] * 3
    for address, said in (("198.51.100.7", "198[.]51[.]100[.]7"), ("2001:db9::7", "2001:db9::7")):
        answer = app.test_client().get(
            "/feed/v1/", headers={"Authorization": f"Bearer {token}"}, environ_overrides={"REMOTE_ADDR": address}
        )
        assert (answer.status_code, answer.headers["X-Flagstone-Address-Seen"]) == (403, address)
        assert said in answer.text
        assert "." not in answer.text.replace("[.]", "")


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "True-Client-IP", "CF-Connecting-IP", "X-Client-IP"])
def test_no_header_of_the_client_says_where_it_comes_from(app, engineer, header):
    token = make(engineer)
    keep(engineer, "192.0.2.0/24")
    claimed = {"Authorization": f"Bearer {token}", header: "for=192.0.2.7" if header == "Forwarded" else "192.0.2.7"}
    answer = app.test_client().get("/feed/v1/", headers=claimed, environ_overrides={"REMOTE_ADDR": "198.51.100.7"})
    assert answer.status_code == 403


def test_the_list_of_networks_can_be_emptied_again(app, engineer):
    token = make(engineer)
    keep(engineer, "192.0.2.0/24")
    assert opens(app, token) == 403
    keep(engineer, "")
    assert opens(app, token) == 503


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("everywhere", "Write addresses or networks"),
        ("192.0.2.0/33", "Write addresses or networks"),
        ("fe80::1%eth0", "Write addresses or networks"),
        ("0.0.0.0/0", "is everywhere"),
        ("::/0", "is everywhere"),
        ("::ffff:0:0/96", "is everywhere"),
        (" ".join(f"192.0.2.{number}" for number in range(101)), "at most a hundred"),
        ("1" * 20_000, "at most a hundred"),
    ],
)
def test_networks_that_are_none_are_refused_and_stay_in_the_field(app, engineer, typed, said):
    answer = keep(engineer, typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert typed in answer.text


def test_networks_are_kept_as_networks():
    assert consumers.networks_in("192.0.2.7/24;192.0.2.0/24\n2001:DB8::1 ::ffff:198.51.100.7") == (
        "192.0.2.0/24",
        "2001:db8::1/128",
        "198.51.100.7/32",
    )


# --- Zone transfer


def test_a_key_for_zone_transfer_is_shown_once_and_ends_at_a_word(app, engineer):
    engineer.get("/network/transfer")
    engineer.post("/network/transfer", {"algorithm": "hmac-sha256", "notify": "192.0.2.53"})
    secret, name = secret_on(engineer), re.search(r"flagstone-[0-9a-f]{16}", engineer.page)[0]
    page = engineer.get("/network/transfer").text
    assert (secret in page, name in page, "192.0.2.53@53" in page) == (False, True, True)
    other = engineer_of(app)
    other.get("/network/transfer")
    assert other.post(f"/network/transfer/{name}/revoke").status_code == 404
    engineer.post(f"/network/transfer/{name}/revoke")
    assert "The key is revoked" in engineer.follow().text


@pytest.mark.parametrize("name", ["no-such-key", "%00", "..", "x" * 3_000])
def test_a_key_that_there_is_not_is_not_found(engineer, name):
    engineer.get("/network/transfer")
    assert engineer.post(f"/network/transfer/{name}/revoke").status_code in (404, 405)


@pytest.mark.parametrize("form", [{"algorithm": "hmac-md5"}, {"algorithm": "hmac-sha256", "notify": "ns1"}])
def test_a_key_that_cannot_be_is_refused_and_what_was_typed_stays(app, engineer, form):
    engineer.get("/network/transfer")
    answer = engineer.post("/network/transfer", form)
    assert answer.status_code == 422
    assert form.get("notify", "") in answer.text
