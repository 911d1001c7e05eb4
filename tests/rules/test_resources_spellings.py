"""The same account, channel, app, number or wallet from any spelling is one resource; what only looks like one is not."""

import pytest

from moderation import resources
from moderation.vocabulary import Scope, Target

GROUP = "CjQKIAbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfGhIjK"
TAPROOT = "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0"
ETHER = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
MONERO = "44AFFq5kSiGBoZ4NMDwYtN18obc8AemS33DBLWs3H7otXft3XjrpDtQGv7SqSsaBYBb98uNbr2VBBEt7f2wfn3RVGQBEP3A"
SUBADDRESS = "888tNkZrPN6JsEgekjMnABU4TBzc2Dt29EPAvkRxbANsAnjyPbb3iQ1YBRk1UXcdRsiKc9dhwMVgN5S9cQUiyoogDavup3H"
BITCOIN = "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"


def parse(text):
    return resources.parse(text, text_digest=lambda words: words)


def read_as(text):
    return [(resource.kind, resource.canonical) for resource in parse(text)]


SPELLINGS = {
    ("social_account", "https://www.facebook.com/janedoe"): (
        *("https://www.facebook.com/jane.doe", "fb.com/JaneDoe/", "m.facebook.com/jane.doe?ref=x",
          "https://fr-fr.facebook.com/jane.doe/about"),
        *("facebook: @jane.doe", "@jane.doe on Facebook", "hxxps://facebook[.]com/jane.doe", "m.me/janedoe", "Facebook page: janedoe"),
    ),
    ("social_account", "https://www.facebook.com/profile.php?id=100012345678901"): (
        *("facebook.com/profile.php?id=100012345678901&sk=about", "https://fb.com/100012345678901", "fb://profile/100012345678901"),
        "https://www.facebook.com/people/Jane-Doe/100012345678901/",
    ),
    ("social_account", "https://www.instagram.com/anna_b/"): (
        *("instagram.com/Anna_B", "https://instagr.am/anna_b", "insta: @anna_b", "IG: anna_b", "instagram: anna_b"),
        "ｉｎｓｔａ：＠ａｎｎａ＿ｂ",
        *("@anna_b (instagram)", "\u200finsta: @anna_b\u200f", "insta\u200d: @an\u200bna_b", "insta[:] (at)anna_b"),
        *("https://www.instagram.com/anna_b/?igsh=MzRlODBiNWFlZA==", "instagram://user?username=anna_b", "инстаграм @anna_b!",
          "«insta: @anna_b»"),
        *("انستغرام: @anna_b", "my instagram is @anna_b.", "ig.me/m/anna_b"),
    ),
    ("social_account", "https://www.tiktok.com/@anna.b"): (
        *("tiktok.com/@anna.b", "https://m.tiktok.com/@Anna.B?lang=en", "tiktok @anna.b,", "@anna.b on TikTok",
          "https://www.tiktok.com/@anna.b/live"),
        "tiktok.com/%40anna.b",
    ),
    ("social_account", "https://x.com/anna_b"): (
        *("twitter.com/anna_b", "https://mobile.twitter.com/Anna_B?s=20", "X: @anna_b", "@anna_b on X",
          "twitter://user?screen_name=anna_b"),
        *("https://x.com/@anna_b", "https://twitter.com/anna_b/with_replies"),
    ),
    ("social_account", "https://vk.com/anna.b"): ("m.vk.com/Anna.B", "https://vk.ru/anna.b", "vk://vk.com/anna.b", "вк: @anna.b",
      "VK @anna.b"),
    ("social_account", "wechat:anna-2000"): ("WeChat: Anna-2000", "微信：anna-2000", "微信号 @anna-2000", "weixin://contacts/profile/anna-2000"),
    ("social_account", "https://www.snapchat.com/add/anna-b"): (
        *("snapchat.com/add/Anna-B", "snap: anna-b", "https://www.snapchat.com/@anna-b?share_id=x", "snapchat://add/anna-b",
          "سناب: anna-b"),
    ),
    ("social_account", "https://www.youtube.com/@anna-b"): (
        *("youtube.com/@Anna-B", "https://m.youtube.com/@anna-b/videos?view=0", "YouTube: @anna-b",
          "https://youtube.com/@anna-b?si=abcdefghijklmnop"),
    ),
    ("social_account", "https://www.linkedin.com/company/evil-jobs/"): (
        *("linkedin.com/company/Evil-Jobs", "https://uk.linkedin.com/company/evil-jobs/about/", "www.linkedin.com/company/evil-jobs?trk=x"),
    ),
    ("messaging", "https://t.me/good_jobs"): (
        *("t.me/Good_Jobs", "https://telegram.me/good_jobs", "https://t.me/s/good_jobs", "telegram.dog/good_jobs?start=abc",
          "good_jobs.t.me"),
        *("tg://resolve?domain=good_jobs", "telegram: @good_jobs", "@good_jobs on telegram", "hxxps://t[.]me/good_jobs", "tg @good_jobs"),
        *("https://web.telegram.org/a/#@good_jobs", "https://web.telegram.org/k/#@good_jobs", "тг: @good_jobs", "@Good_Jobs Telegram",
          "Telegram channel @good_jobs"),
        *("ｔ．ｍｅ／ｇｏｏｄ＿ｊｏｂｓ", "t。me/good_jobs", "(t.me/good_jobs)."),
    ),
    ("messaging", "https://t.me/+AbCdEfGhIjKlMnOp"): (
        *("t.me/joinchat/AbCdEfGhIjKlMnOp", "https://telegram.me/+AbCdEfGhIjKlMnOp", "tg://join?invite=AbCdEfGhIjKlMnOp",
          "t.me/%2BAbCdEfGhIjKlMnOp"),
    ),
    ("messaging", "https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv"): (
        *("chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv?mode=ac_t", "https://chat.whatsapp.com/invite/AbCdEfGhIjKlMnOpQrStUv"),
        "whatsapp://chat?code=AbCdEfGhIjKlMnOpQrStUv",
    ),
    ("messaging", f"https://signal.group/#{GROUP}"): (f"signal.group/#{GROUP}", f"sgnl://signal.group/#{GROUP}",
      f"hxxps://signal[.]group/#{GROUP}."),
    ("messaging", "https://discord.gg/AbC123"): (
        *("discord.gg/AbC123", "https://discord.com/invite/AbC123", "https://www.discordapp.com/invite/AbC123?event=1",
          "discord[.]gg/invite/AbC123"),
    ),
    ("messaging", "https://line.me/R/ti/p/@goodjobs"): ("line.me/ti/p/@GoodJobs", "https://line.me/R/ti/p/%40goodjobs",
      "line://ti/p/@goodjobs"),
    ("app", "https://play.google.com/store/apps/details?id=com.evil.app"): (
        *("play.google.com/store/apps/details?hl=ar&id=com.evil.app", "market://details?id=com.evil.app&referrer=x"),
    ),
    ("app", "https://apps.apple.com/app/id1234567890"): (
        *("apps.apple.com/fr/app/un-titre/id1234567890?l=en", "https://itunes.apple.com/us/app/id1234567890",
          "itms-apps://itunes.apple.com/app/id1234567890"),
    ),
    ("phone", "+447700900123"): (
        "＋４４ ７７００ ９００１２３",
        *("+44 7700 900123", "+44 (0)7700 900 123", "tel:+44-7700-900123", "call +447700900123!", "https://wa.me/447700900123",
          "wa.me/+447700900123"),
        *("https://api.whatsapp.com/send/?phone=447700900123&text=hi", "whatsapp://send?phone=447700900123",
          "viber://chat?number=%2B447700900123"),
        *("WhatsApp:+44 7700 900123", "+٤٤ ٧٧٠٠ ٩٠٠١٢٣", "电话+447700900123", "\u202a+44\u00a07700\u00a0900123\u202c"),
        *("+44.7700.900123 ask for Anna", "t.me/+447700900123", "https://signal.me/#p/+447700900123", "+44‑7700‑900123",
          "(+44 7700 900123)"),
    ),
    ("email", "anna.b@evil.test"): (
        *("Anna.B@Evil.TEST", "mailto:anna.b@evil.test", "anna.b[at]evil[.]test", "<anna.b@evil.test>", "anna.b@evil。test",
          "a\u200bnna.b@evil.test."),
        "ａｎｎａ．ｂ＠ｅｖｉｌ．ｔｅｓｔ",
        *("'anna.b@evil.test'", "邮箱：anna.b@evil.test，谢谢", "mail:anna.b@evil.test;", "anna.b [@] evil.test"),
    ),
    ("email", "anna@xn--bcher-kva.example"): ("anna@bücher.example", "Anna@BÜCHER.example", "anna@xn--bcher-kva.example"),
    ("wallet", TAPROOT): (TAPROOT, TAPROOT.upper(), f"send it to {TAPROOT}.", f"钱包{TAPROOT}转", f"\u200f{TAPROOT}\u200f", f"({TAPROOT})"),
    ("wallet", ETHER): (ETHER, ETHER.lower(), "0X" + ETHER[2:].upper(), f"eth:{ETHER}", f"ethereum:{ETHER}?value=1"),
    ("wallet", MONERO): (MONERO, f"monero:{MONERO}?tx_amount=1", MONERO[:40] + "\u200b" + MONERO[40:]),
    ("wallet", SUBADDRESS): (SUBADDRESS,),
    ("wallet", "LaMT348PWRnrqeeWArpwQPbuanpXDZGEUz"): ("ltc LaMT348PWRnrqeeWArpwQPbuanpXDZGEUz",),
    ("payment_handle", "https://cash.app/$annab"): ("cash.app/$AnnaB", "https://cash.app/%24annab", "cashapp: $annab",
      "hxxps://cash[.]app/$annab/20"),
    ("payment_handle", "https://www.paypal.com/paypalme/annab"): ("paypal.me/AnnaB", "https://www.paypal.com/paypalme/annab/20EUR"),
    ("classified_ad", "ad:1234567@site.test"): (
        *("ad id: 1234567 on site.test", "Ad #1234567, site.test", "listing no. 1234567 at site[.]test", "site.test ad 1234567",
          "广告编号：1234567 在 site.test"),
    ),
    ("web_page", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"): (
        *("youtu.be/dQw4w9WgXcQ", "https://m.youtube.com/watch?app=desktop&v=dQw4w9WgXcQ&t=3",
          "https://youtube.com/shorts/dQw4w9WgXcQ?si=x"),
    ),
    ("web_page", "https://x.com/anna/status/123"): ("twitter.com/Anna/status/123?s=20", "https://mobile.x.com/anna/status/123/photo/1"),
    ("web_page", "https://t.me/good_jobs/42"): ("t.me/s/good_jobs/42", "https://telegram.me/Good_Jobs/42?single",
      "https://t.me/good_jobs/42?embed=1"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("known_as", "spelling"), [(known_as, spelling) for known_as, spellings in SPELLINGS.items() for spelling in (known_as[1], *spellings)]
)
def test_one_thing_from_any_spelling_is_one_resource(known_as, spelling):
    assert read_as(spelling) == [known_as]


@pytest.mark.parametrize(
    "text",
    [
        *("https://www.instagram.com/p/Cabc123/", "https://www.instagram.com/explore/tags/x/", "https://x.com/hashtag/jobs",
          "https://x.com/login"),
        *("https://www.tiktok.com/@anna/video/123", "https://vm.tiktok.com/ZMabc/", "https://fb.me/abc",
          "https://www.facebook.com/share/abc/"),
        *("https://www.facebook.com/permalink.php?story_fbid=1&id=2", "https://vk.com/anna?w=wall-1_2", "https://vk.com/wall-1_2",
          "https://vk.com/feed"),
        *("https://www.youtube.com/watch?v=dQw4w9WgXcQ", "https://www.youtube.com/results?search_query=x", "https://t.me/c/123/4",
          "https://lin.ee/abc"),
        *("https://www.linkedin.com/jobs/view/123/", "https://discord.com/channels/1/2", "https://evil.test/t.me/anna_b",
          "https://t.me.evil.test/anna_b"),
        *("https://evil.test/?u=https://t.me/anna_b", "https://evil.test/?telegram=@anna_b", "https://instagram.com:8443/anna_b"),
        *("https://play.google.com/store/search?q=x", "https://etherscan.io/address/" + ETHER, "https://evil.test/+447700900123"),
        *("https://notfacebook.com/anna.b", "https://evil.test/anna@evil.test", "https://signal.group/?x=1"),
    ],
)  # fmt: skip
def test_a_page_that_is_no_account_stays_a_page(text):
    assert [resource.kind for resource in parse(text)] == ["web_page"]


@pytest.mark.parametrize(
    "text",
    [
        *("I saw @anna_b snap at him", "thanks @anna_b snap"),
        *("@anna_b", "Facebook: they sell people", "they wrote on instagram about it", "Telegram: ask them", "snap out of it",
          "I am on tiktok a lot"),
        *("x: yes", "line 4: no", "2026-11-24", "24.11.2026 19:20:20", "2026-11-24T19:20:20+0200", "EUR 1 234 567,89", "+1 000 000 000 €",
          "06 12 34 56 78"),
        *("parcel 00340434161094042557", "RR123456789CN", "1764012020123", "+48.856613, +2.352222", "AB0033612345678",
          "ISBN 978-3-16-148410-0"),
        *("UTC+02:00 12:00", "12+33612345678", "192.0.2.1 is up", "2001:db8::1 is up", "+12", "++33612345678", "id=0033612345678"),
        *("anna@nowhere", "anna@file.pdf", "@anna@social.test", "anna at evil dot test", "a@b"),
        *("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3", ETHER[:-1] + "D", ETHER.replace("aA", "Aa"), ETHER[:-1], "x" + ETHER, MONERO[:-1] + "C"),
        *("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", "bc1qW508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6u"),
        # BIP 350: a version 0 program with the newer checksum, and a version 1 program with the older.
        *("bc1q0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd",
          "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd"),
        *("d41d8cd98f00b204e9800998ecf8427e", "ad 12 on Sunday", "ad id: 123456", "package: heavy", "apk: new"),
    ],
)  # fmt: skip
def test_what_only_looks_like_one_stays_text(text):
    assert [resource.kind for resource in parse(text)] == ["free_text"]


def test_a_lump_of_text_becomes_each_thing_in_it():
    text = (
        f"Call +44 7700 900123 or write anna@evil.test, insta: @anna_b, tg @good_jobs; pay {ETHER.lower()},{TAPROOT}\n"
        "see hxxps://evil[.]test/ad and market://details?id=com.evil.app, ad id: 1234567 on site.test"
    )
    assert read_as(text) == [
        ("phone", "+447700900123"),
        ("email", "anna@evil.test"),
        ("social_account", "https://www.instagram.com/anna_b/"),
        ("messaging", "https://t.me/good_jobs"),
        ("wallet", ETHER),
        ("wallet", TAPROOT),
        ("web_page", "https://evil.test/ad"),
        ("app", "https://play.google.com/store/apps/details?id=com.evil.app"),
        ("classified_ad", "ad:1234567@site.test"),
    ]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("+447700900123/+33612345678", ["phone", "phone"]),
        ("+447700900123,anna@evil.test", ["phone", "email"]),
        ("anna@evil.test|bella@evil.test", ["email", "email"]),
        (f"{ETHER};{BITCOIN}", ["wallet", "wallet"]),
        ("insta:@anna_b,snap:anna-b", ["social_account", "social_account"]),
        ("tiktok: @anna_b snap: @anna_c", ["social_account", "social_account"]),
        ("tg:@good_jobs;+447700900123", ["messaging", "phone"]),
        ("t.me/good_jobs wa.me/447700900123", ["messaging", "phone"]),
        ("(anna@evil.test)(+447700900123)", ["email", "phone"]),
        ("网址evil.test电话+447700900123微信：anna_2000", ["domain", "phone", "social_account"]),
    ],
)
def test_two_things_that_touch_are_two(text, kinds):
    assert [resource.kind for resource in parse(text)] == kinds


def test_names_of_invites_keep_the_case_that_tells_them_apart():
    assert read_as("t.me/+AbCdEfGhIjKlMnOp t.me/+abcdefghijklmnop") == [
        ("messaging", "https://t.me/+AbCdEfGhIjKlMnOp"),
        ("messaging", "https://t.me/+abcdefghijklmnop"),
    ]


def test_what_a_referral_code_named_is_not_kept():
    (account,) = parse("https://www.instagram.com/anna_b/?igsh=MzRlODBiNWFlZA==")
    assert (account.canonical, account.stripped) == ("https://www.instagram.com/anna_b/", ("igsh",))


@pytest.mark.parametrize(
    "text",
    ["https://www.facebook.com/jane.doe", "t.me/good_jobs", "discord.gg/AbC123", "cash.app/$annab", "apps.apple.com/app/id1234567890",
    "wa.me/qr/ABCDEFGHIJ"],
)  # fmt: skip
def test_what_has_a_public_address_can_be_listed_at_that_page_and_nothing_wider(text):
    (resource,) = parse(text)
    assert resource.ladder == (Target(Scope.PAGE, resource.canonical),)


@pytest.mark.parametrize(
    "text",
    [
        *("+447700900123", "anna@evil.test", TAPROOT, "wechat: anna_2000", "package: com.evil.app", "ad id: 1234567 on site.test"),
        # The network sees the same address for every group: the name stands behind the `#`.
        *(f"https://signal.group/#{GROUP}", f"https://signal.me/#eu/{GROUP}"),
    ],
)
def test_what_no_network_can_tell_apart_cannot_be_listed(text):
    (resource,) = parse(text)
    assert resource.ladder == ()
