"""Messy text in, resources out: what a reporter may write, and that nothing they write breaks anything."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation import policy, resources
from moderation.errors import NothingReported, Refusal, TooManyResources, UnknownKind
from moderation.vocabulary import Scope, Target

ONION = "2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion"
PIECES = (
    "http:// https:// hxxp:// // / . 。 evil test evil.test co.uk [.] (dot) [ ] ( ) ? & = # @ : ; , &utm_source utm_source= ;jsessionid=1 "
    "(S(aaaaaaaaa)) .. :443 :80 看 然后 ， ： « ' \" < > - _ * \\ \u200b \u202e \u200c é xn-- 1.2.3.4 0x7f.1 [::1] a@b.test \x00 \ud800 "
    f"ｈｔｔｐ ． ／ ！ {ONION} www. ttps:// ftp:// http: http// ß "
    "t.me/ t.me /s/ joinchat/ AbCdEfGhIjKlMnOpQrStUv @anna_b1 telegram insta: on snap 微信 tg://resolve?domain= facebook.com/ "
    "profile.php?id= x.com/ status/12 vk.com/ id123 public7 ?w= %40 youtube.com/ youtu.be/ dQw4w9WgXcQ linkedin.com/in/ "
    "signal.group/# line.me/ti/p/ ~ $ "
    "cash.app/ wa.me/ +33612345678 00336 ٣ mailto: package: com.a.b market://details?id= ad:123456 ad 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2 "
    "4111111111111111 GB82WEST12345698765432 0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed •"
).split(" ")
messy_texts = st.lists(st.sampled_from([*PIECES, " ", "\n"]), max_size=14).map("".join) | st.text(max_size=60)


def same_text(text):
    return text


def parse(text):
    return resources.parse(text, text_digest=same_text)


def canonical_forms(text):
    return [resource.canonical for resource in parse(text)]


@given(messy_texts)
def test_no_text_breaks_the_reading(text):
    try:
        assert parse(text)
    except NothingReported:
        assert resources.describe(text, text_digest=same_text)[0]["error"]


@given(messy_texts)
def test_a_canonical_form_written_down_again_is_the_same_resource(text):
    try:
        found = [resource for resource in parse(text) if resource.kind != "free_text"]
    except Refusal:
        return
    for resource in found:
        (again,) = parse(resource.canonical)
        assert (again.kind, again.canonical, again.ladder, again.stripped) == (resource.kind, resource.canonical, resource.ladder, ())


@given(messy_texts)
def test_a_stored_resource_is_rebuilt_with_its_ladder(text):
    try:
        found = parse(text)
    except Refusal:
        return
    for resource in found:
        rebuilt = resources.from_canonical(resource.kind, resource.canonical)
        assert (rebuilt.ladder, rebuilt.host, rebuilt.domain) == (resource.ladder, resource.host, resource.domain)


@given(messy_texts)
def test_what_a_resource_can_be_listed_at_covers_it(text):
    try:
        found = parse(text)
    except Refusal:
        return
    for resource in found:
        assert set(resource.ladder) <= set(resources.covering_targets(resource))


@pytest.mark.parametrize(
    "spelling",
    [
        "evil.test/a",
        "http://evil.test/a",
        "HTTPS://EVIL.TEST/a",
        "hxxps://evil[.]test/a",
        "hXXp[:]//evil(dot)test/a",
        "h**p://evil.test/a",
        "ttps://evil.test/a",
        "http//evil.test/a",
        "http:evil.test/a",
        "https:\\\\evil.test\\a",
        "//evil.test/a",
        "evil [.] test/a",
        "evil。test/a",
        "ｅｖｉｌ．ｔｅｓｔ／ａ",
        "<https://evil.test/a>",
        "(see https://evil.test/a).",
        "“https://evil.test/a”",
        "'https://evil.test/a',",
        "[look](https://evil.test/a)",
        "**https://evil.test/a**",
        '<a href="https://evil.test/a">',
        "view-source:https://evil.test/a",
        "网址：https://evil.test/a。谢谢",
        "看这个evil.test/a，很坏",
        "《https://evil.test/a》",
        "انظر https://evil.test/a، شكرا",
        "وhttps://evil.test/a؟",
        "https://evil.test/a…",
        "e\u200bvil.\u202etest/a",
        "https://evil.test/a\x00",
        "\ufeffhttps://evil.test/a\r\n",
        "https://evil.test/a?utm_source=mail#top",
        "https://me@evil.test/a",
    ],
)
def test_the_same_page_from_any_spelling_is_one_resource(spelling):
    assert canonical_forms(spelling) == ["https://evil.test/a"]


@pytest.mark.parametrize(
    "words",
    [
        "e.g. this", "i.e. that", "file.pdf", "at 12.30", "version 1.2.3.4", "06.12.34.56.78", "hello", "localhost", "her.So he left",
        "@evil.test", "@anna@evil.test", "mailto:anna", "...", "http://", "a.b", "javascript:alert(1)",
    ],
)  # fmt: skip
def test_words_are_not_taken_for_names(words):
    assert [resource.kind for resource in parse(words)] == ["free_text"]


def test_several_addresses_in_sentences_and_lines_are_each_found_once_and_in_order():
    text = "I saw https://b.test/2, then a.test (and b.test/2 again).\nAlso:http://c.test/x;http://d.test/y"
    assert canonical_forms(text) == ["https://b.test/2", "a.test", "https://c.test/x", "https://d.test/y"]


def test_words_around_an_address_are_no_resource_of_their_own():
    assert canonical_forms("please look at evil.test for me") == ["evil.test"]


def test_text_without_an_address_is_one_resource():
    assert canonical_forms("the man\nat  the STATION") == ["the man at the station"]


def test_a_text_is_known_by_its_digest_alone():
    (found,) = resources.parse("A name", text_digest=lambda text: f"digest of {len(text)}")
    assert (found.canonical, found.ladder, found.host) == ("digest of 6", (), None)


def test_an_address_inside_another_stays_inside():
    text = "https://web.archive.org/web/2026/http://victim.test/"
    assert canonical_forms(text) == [text]


def test_an_address_too_long_to_store_is_kept_as_text_beside_the_others():
    found = parse("https://evil.test/" + "a" * 10_000 + " and b.test")
    assert [(resource.kind, len(resource.ladder)) for resource in found] == [("free_text", 0), ("domain", 2)]


def test_an_address_of_just_the_allowed_length_is_a_page():
    text = "https://evil.test/".ljust(policy.ADDRESS_LIMIT, "a")
    assert [resource.kind for resource in parse(text)] == ["web_page"]


def test_an_address_that_cannot_be_read_is_kept_as_text_beside_the_others():
    assert [resource.kind for resource in parse("https://evil.test:99999/ b.test ftp://c.test/")] == ["free_text", "domain", "free_text"]


def test_a_name_glued_to_words_without_spaces_ends_where_its_suffix_does():
    assert canonical_forms("https://evil.test然后 http://evil2.test。然后") == ["evil.test", "evil2.test"]


def test_a_full_width_sign_in_the_path_of_a_plain_address_stays():
    assert canonical_forms("https://evil.test/Ｔ") == ["https://evil.test/%EF%BC%B4"]


def test_a_joiner_between_letters_that_need_it_stays():
    assert canonical_forms("https://evil.test/ریاضی\u200cدان")[0].count("%E2%80%8C") == 1


@pytest.mark.parametrize("blank", ["", "   ", "\n\t", "\x00", "\u200b\u202e", "\u3164", "\ud800"])
def test_a_text_in_which_nothing_can_be_seen_names_nothing(blank):
    with pytest.raises(NothingReported):
        parse(blank)


def test_a_report_may_name_as_many_as_it_can_hold():
    assert len(parse(" ".join(f"{number}.evil.test" for number in range(policy.RESOURCES_PER_REPORT)))) == policy.RESOURCES_PER_REPORT


def test_more_than_a_report_can_hold_is_refused_with_the_numbers():
    with pytest.raises(TooManyResources, match=r"300.*100") as refused:
        parse("\n".join(f"https://evil.test/{number}" for number in range(300)))
    assert (refused.value.found, refused.value.allowed) == (300, policy.RESOURCES_PER_REPORT)


def test_repeating_one_address_is_not_too_many():
    assert canonical_forms("https://evil.test/a " * 500) == ["https://evil.test/a"]


def test_a_kind_that_is_not_installed_is_refused():
    with pytest.raises(UnknownKind):
        resources.from_canonical("pigeon_post", "coo")


def test_targets_that_cover_a_page_come_narrowest_first():
    (page,) = parse("https://www.evil.test/a/b?c")
    assert resources.covering_targets(page) == (
        Target(Scope.PAGE, "https://www.evil.test/a/b?c"),
        Target(Scope.PATH, "https://www.evil.test/a/"),
        Target(Scope.HOST, "www.evil.test"),
        Target(Scope.DOMAIN, "www.evil.test"),
        Target(Scope.HOST, "evil.test"),
        Target(Scope.DOMAIN, "evil.test"),
    )


def test_no_target_covers_a_text():
    (text,) = parse("some words")
    assert resources.covering_targets(text) == ()


def test_an_onion_service_can_be_listed_at_its_name_and_never_as_a_domain():
    (service,) = parse(f"http://www.{ONION}/ad?id=1")
    assert service.ladder == (
        Target(Scope.PAGE, f"www.{ONION}/ad?id=1"),
        Target(Scope.HOST, f"www.{ONION}"),
        Target(Scope.HOST, ONION),
    )
    assert (service.host, service.domain) == (f"www.{ONION}", None)


def test_a_description_has_all_that_scripts_rely_on():
    assert resources.describe("hxxp://www.evil[.]test/a/b?utm_source=x", text_digest=same_text) == [
        {
            "input": "hxxp://www.evil[.]test/a/b?utm_source=x",
            "kind": "web_page",
            "canonical": "https://www.evil.test/a/b",
            "host": "www.evil.test",
            "domain": "evil.test",
            "scopes": ["page", "path", "host", "domain"],
            "stripped": ["utm_source"],
        }
    ]


def test_a_line_that_names_two_has_two_descriptions():
    assert [each["canonical"] for each in resources.describe("a.test b.test", text_digest=same_text)] == ["a.test", "b.test"]


def test_a_line_that_names_nothing_is_described_by_its_error():
    (described,) = resources.describe(" ", text_digest=same_text)
    assert set(described) == {"input", "error"}


HARD_TO_READ = (
    *("a.", "http:a)", "[", "(", "@", "//a(", ",", "http://", "a", "https://a.test/", "/", "?utm_source=1&", "。", "a.zz/", "a-", "[ "),
    *("evil.test:99999/", "http:a.", "http://a然", "http:evil.test然后/", "[.]", "a@b.test/", "x://", "é\u200c", "evil。test。", "ｈ"),
    *(
        "+33 6 ",
        "+1",
        "00",
        "@a",
        "a@b.c",
        "a@",
        "tg:@",
        "insta ",
        "insta: ",
        "@a on x ",
        "微信",
        "4",
        "4 ",
        "GB82",
        "bc1q",
        "0x",
        "L",
        "ad:1234@",
    ),
    *("t.me/s/", "ad 123456 on a.test ", "a.test ad 12345 ", "mailto:", "signal.group/#a", "tel:+", "vk.com/a?w=", "x.com/a ", "4-", "٣"),
    *("+33612345678 ", "anna@evil.test ", "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2 ", "4111111111111111 ", "evil.test/4111111111111111,"),
    *(";jsessionid=1/", "..;sid=/", "&a,&utm_source,", "/(S(aaaaaaaa))", "-.", "\u202e", "evil.test)"),
)


@pytest.mark.long
@pytest.mark.parametrize("beginning", ["", "https://evil.test/"])
@pytest.mark.parametrize("piece", HARD_TO_READ)
def test_four_times_the_text_takes_about_four_times_as_long(piece, beginning):
    # A cost that grows with the square would take sixteen times as long; below a few milliseconds a ratio says nothing.
    assert seconds(beginning + piece * (40_000 // len(piece))) < 10 * seconds(beginning + piece * (10_000 // len(piece))) + 0.02


def seconds(text):
    """The shortest of three runs, in seconds of processor time."""
    taken = []
    for _ in range(3):
        begun = time.process_time()
        resources.describe(text, text_digest=len)
        taken.append(time.process_time() - begun)
    return min(taken)
