"""Our reading of addresses beside the published vectors. They are not shipped: without them these tests say so and skip."""

import json
import os
import re
from pathlib import Path

import pytest

from moderation import addresses

VECTORS = Path(os.environ.get("FLAGSTONE_VECTORS") or Path(__file__).resolve().parents[3] / "shared" / "vectors")


def vector_file(name):
    path = VECTORS / name
    if not path.is_file():
        pytest.skip(f"no test vectors at {path}; set FLAGSTONE_VECTORS to their folder")
    return path.read_text(encoding="utf-8")


def web_cases():
    """Input and expected href (None: failure) of each case without a base whose result is http, https or a failure."""
    for case in json.loads(vector_file("urltestdata.json")):
        if isinstance(case, str) or case.get("base") is not None:
            continue
        if case.get("failure") or case["protocol"] in ("http:", "https:"):
            yield case["input"], case.get("href")


def suffix_cases():
    text = vector_file("test_psl.txt")
    for host, expected in re.findall(r"^checkPublicSuffix\('(.*?)', (null|'.*?')\);", text, re.MULTILINE):
        yield host, None if expected == "null" else expected.strip("'")


def test_every_web_address_is_read_as_the_url_standard_reads_it():
    cases = list(web_cases())
    wrong = [(text, expected, addresses.whatwg_href(text)) for text, expected in cases if addresses.whatwg_href(text) != expected]
    assert wrong == []
    assert len(cases) >= 329


def test_our_own_rules_change_nothing_twice_on_the_standards_cases():
    read = [address for text, _ in web_cases() if (address := addresses.read(text)) is not None]
    assert [address for address in read if addresses.read(address.text) != address] == []
    assert len(read) > 100


def test_registrable_domains_are_those_of_the_public_suffix_lists_own_tests():
    cases = list(suffix_cases())
    assert [case for case in cases if addresses.registrable_domain(case[0]) != case[1]] == []
    assert len(cases) >= 70


def test_look_up_expressions_are_those_of_safe_browsing():
    cases = json.loads(vector_file("safe_browsing_urls.json"))["expressions"]
    with_scheme = [(case["url"] if "://" in case["url"] else f"http://{case['url']}", case["expressions"]) for case in cases]
    assert [url for url, expected in with_scheme if list(addresses.expressions(addresses.read(url))) != expected] == []
    assert len(cases) >= 13


def test_strings_that_try_to_break_a_list_stay_one_address_without_control_characters():
    lines = [line.split("\t") for line in vector_file("ssrf_payloads.tsv").splitlines() if "\tfeed-poison" in line]
    payloads = [line[3].encode().decode("unicode_escape") if line[1].endswith("+e") else line[3] for line in lines]
    read = [address.text for payload in payloads if (address := addresses.read(payload)) is not None]
    assert [text for text in read if not re.fullmatch(r"[\x21-\x7e]+", text) or '"' in text] == []
    assert len(payloads) >= 15
