"""Other ways to the report form: nothing is stored on the way, nothing is named to others, and files are refused."""

import os
import re
from dataclasses import replace

import orjson
import pyrage
import pytest
from pyrage import x25519

from app import offline
from app.offline import NotAnOfflineReport
from moderation import policy
from moderation.vocabulary import Category, Lane
from tests.verbs.together import begun
from tests.web import reporters

LINK = "https://jobs.test/offer/41"
SECRET = "00112233445566778899aabbccddeeff"[: policy.RECEIPT_BITS // 4]


def told(**changed):
    """What the offline form writes, with these changes."""
    answers = {"what": [LINK], "category": ["labour"]} | changed.pop("answers", {})
    return orjson.dumps({"flagstone": 1, "secret": SECRET, "language": "fr", "answers": answers} | changed)


@pytest.fixture
def keys(standing_app):
    """The instance's keys, in its context: forms say their faults in some language."""
    with standing_app.app_context():
        yield standing_app.extensions["keys"]


@pytest.mark.parametrize("page", ["ways", "ways/bookmark", "ways/share", "ways/offline"])
def test_each_other_way_has_its_page_in_each_language(standing_app, page):
    assert {tag: standing_app.test_client().get(f"/{tag}/{page}").status_code for tag in ("en", "ar", "zh")} == dict.fromkeys(
        ("en", "ar", "zh"), 200
    )


def test_the_report_page_leads_to_the_other_ways(standing_app):
    assert 'href="/en/ways"' in standing_app.test_client().get("/en/report").text


def test_the_bookmark_passes_the_address_behind_the_hash_and_names_nobody(standing_app):
    page = standing_app.test_client().get("/en/ways/bookmark").text
    script = re.search(r'href="(javascript:[^"]+)"', page)[1]
    assert "/en/report#" in script
    assert "noreferrer" in script


def test_only_the_share_page_offers_an_icon(standing_app):
    client = standing_app.test_client()
    offering = [
        page for page in ("report", "ways", "ways/bookmark", "ways/share", "help") if 'rel="manifest"' in client.get(f"/en/{page}").text
    ]
    assert offering == ["ways/share"]


def test_the_share_menu_sends_by_post_and_takes_no_files(standing_app):
    manifest = standing_app.test_client().get("/fr/ways/share.webmanifest").json
    target = manifest["share_target"]
    assert (target["method"], target["enctype"], target["action"]) == ("POST", "application/x-www-form-urlencoded", "/fr/ways/share")
    assert "files" not in target["params"]
    assert {standing_app.test_client().get(icon["src"]).status_code for icon in manifest["icons"]} == {200}


def test_the_name_under_the_icon_ends_with_a_whole_word(standing_app):
    manifest = standing_app.test_client().get("/fr/ways/share.webmanifest").json
    assert len(manifest["short_name"]) <= 12
    assert manifest["short_name"].split() == manifest["name"].split()[: len(manifest["short_name"].split())]


def filled(page):
    return re.search(r'<textarea id="what"[^>]*>\n(.*?)</textarea>', page.text, re.S)[1]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"url": LINK, "title": "Job"}, LINK),
        ({"text": f"Look: {LINK}", "url": LINK}, f"Look: {LINK}"),
        ({"text": "a room", "url": LINK}, f"{LINK}\na room"),
        ({"title": "Only a title"}, "Only a title"),
        ({}, ""),
        ({"text": "<b>"}, "&lt;b&gt;"),
    ],
)
def test_what_was_shared_stands_in_the_form(standing_app, given, shown):
    assert filled(standing_app.test_client().post("/en/ways/share", data=given)) == shown


def test_sharing_stores_nothing(standing_app):
    before = len(reporters.stored(standing_app))
    answer = standing_app.test_client().post("/en/ways/share", data={"url": LINK})
    assert len(reporters.stored(standing_app)) == before
    assert "Set-Cookie" not in answer.headers


def test_a_shared_file_is_refused(standing_app, tmp_path):
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\x89PNG")
    with picture.open("rb") as stream:
        answer = standing_app.test_client().post("/en/ways/share", data={"url": LINK, "files": stream})
    assert answer.status_code == 415
    assert "Please do not send files." in reporters.words(answer)


def test_the_offline_form_needs_no_other_file_and_may_reach_no_network(standing_app):
    answer = standing_app.test_client().get("/ar/ways/offline.html")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    page = re.sub(r"<script>.*?</script>", "", answer.text, flags=re.S)
    assert re.findall(r'(?:src|action)="[^"]*"', page) == []
    # Places on the page itself, numbers to dial, and hotlines' own pages, which are not told where somebody came from.
    assert re.findall(r'(?<!nofollow" )href="(?!#child"|tel:)[^"]*"', page) == []
    assert "default-src &#39;none&#39;" in answer.text or "default-src 'none'" in answer.text
    assert standing_app.extensions["keys"].desk_recipient in answer.text


def test_a_locked_file_is_read_as_a_report_in_the_slower_lane(keys):
    locked = pyrage.encrypt(told(answers={"more": ["two rooms"], "danger_now": ["y"]}), [x25519.Recipient.from_str(keys.desk_recipient)])
    found = offline.arrival(locked, keys)
    assert found.typed == {"what": LINK, "more": "two rooms"}
    assert (found.category, found.lane, found.language, found.danger_now) == (Category.LABOUR, Lane.SLOW, "fr", True)


def test_an_unlocked_file_is_read_too(keys):
    assert offline.arrival(told(), keys).typed == {"what": LINK}


def test_a_file_locked_before_the_desks_key_was_changed_is_read_while_the_old_key_is_kept(keys):
    locked = pyrage.encrypt(told(), [x25519.Recipient.from_str(keys.desk_recipient)])
    new = x25519.Identity.generate()
    former = (str(keys.desk_identity),)
    changed = replace(keys, desk_recipient=str(new.to_public()), desk_identity=str(new), former_identities=former)
    assert offline.arrival(locked, changed).typed == {"what": LINK}


@pytest.mark.parametrize(("said", "kept"), [("pt-BR", "pt-BR"), ("sw", "sw"), ("<b>", "en"), (7, "en"), (None, "en")])
def test_a_file_keeps_the_language_that_it_was_filled_in_and_nothing_else(keys, said, kept):
    assert offline.arrival(told(language=said), keys).language == kept


def test_a_file_locked_for_another_desk_is_refused(keys):
    with pytest.raises(NotAnOfflineReport, match="another desk"):
        offline.arrival(pyrage.encrypt(told(), [x25519.Identity.generate().to_public()]), keys)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\x00",
        b"[]",
        b"{}",
        b'"text"',
        told(flagstone=2),
        told(secret="00"),
        told(secret=7),
        told(secret="x" * 28),
        orjson.dumps({"flagstone": 1, "secret": SECRET, "language": "fr", "answers": []}),
        told(answers={"what": 7}),
        b"[" * 100_000,
    ],
)
def test_anything_else_is_refused_in_words(keys, content):
    with pytest.raises(NotAnOfflineReport):
        offline.arrival(content, keys)


@pytest.mark.parametrize("answers", [{"category": ["bomb"]}, {"category": []}, {"what": ["x" * (policy.REPORT_TEXT_LIMIT + 1)]}])
def test_a_wrong_answer_in_a_file_is_named(keys, answers):
    with pytest.raises(NotAnOfflineReport, match="missing or too long"):
        offline.arrival(told(answers=answers), keys)


def test_a_number_given_in_a_file_as_the_way_to_reach_the_reporter_opens_no_case(keys):
    made = offline.arrival(told(answers={"what": [f"{LINK}\n+33 6 55 98 71 72"], "contact": ["+33655987172"]}), keys)
    assert [one.canonical for one in made.resources] == [LINK]


def test_a_file_larger_than_a_report_is_refused(keys):
    with pytest.raises(NotAnOfflineReport, match="larger"):
        offline.arrival(b" " * (policy.REPORT_BYTES + 1), keys)


def test_a_file_taken_in_twice_is_one_report(standing_app, tmp_path):
    file, other = tmp_path / "note.json", tmp_path / "other.json"
    file.write_bytes(told(secret="ab" * (policy.RECEIPT_BITS // 8)))
    other.write_bytes(b"{}")
    before = len(reporters.stored(standing_app))
    first, second = (standing_app.test_cli_runner().invoke(args=["reports", "import", str(file), str(other)]) for _ in range(2))
    assert ("taken, receipt" in first.output, "here already, receipt" in second.output) == (True, True)
    assert (first.exit_code, "other.json: not taken." in first.output) == (1, True)
    assert len(reporters.stored(standing_app)) == before + 1


@pytest.mark.parametrize("asked", [(), ("--partner", "Nobody")])
def test_of_a_file_without_end_no_more_is_read_than_can_be_taken(standing_app, tmp_path, asked):
    endless = tmp_path / "endless"
    os.mkfifo(endless)

    def pour():
        with endless.open("wb", buffering=0) as opened:
            for _ in range(200):
                opened.write(b" " * 100_000)

    pouring = begun(pour)
    answer = standing_app.test_cli_runner().invoke(args=["reports", "import", str(endless), *asked])
    assert answer.exit_code == 1
    assert re.search("larger than a report|more than 4000000 bytes", answer.output)
    with pytest.raises(BrokenPipeError):
        pouring.result(20)


@pytest.mark.parametrize("tag", ["en", "ar"])
def test_the_offline_form_says_where_to_turn_and_needs_no_network_for_it(standing_app, tag):
    page = standing_app.test_client().get(f"/{tag}/ways/offline.html").text
    assert [f'id="{advice}-advice"' in page for advice in ("child", "danger", "images")] == [True] * 3
    assert 'href="tel:' in page.partition('id="child"')[2]
