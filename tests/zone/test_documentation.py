"""What the page on zone transfer shows is what the tests run, and what the commands are."""

import re

import pytest

from app.commands.dns import dns
from app.commands.transfer_keys import key_group
from config import CHECKOUT, Settings
from moderation import policy
from tests.clients.hidden_primary import SNIPPETS

PAGE = (CHECKOUT / "docs" / "zone-transfer.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("snippet", sorted(path.name for path in SNIPPETS.iterdir()))
def test_the_page_shows_the_snippet_as_it_is_run(snippet):
    lines = (SNIPPETS / snippet).read_text(encoding="utf-8").splitlines()
    assert "\n".join(f"    {line}" if line else "" for line in lines) in PAGE


def test_the_commands_that_it_names_are_those_that_there_are():
    assert set(re.findall(r"flask dns (\w+)", PAGE)) == set(dns.commands)
    assert set(re.findall(r"flask consumers key (\w+)", PAGE)) == set(key_group.commands)


def test_the_settings_that_it_shows_are_taken():
    shown = dict(re.findall(r"^ {7}(FLAGSTONE_DNS_\w+)=(.*)$", PAGE, flags=re.MULTILINE))
    settings = Settings.from_env(shown)
    assert (settings.dns_primary, settings.dns_control[0], len(shown)) == ("192.0.2.53@53", "knotc", 4)


def test_the_number_that_it_names_is_the_rules():
    assert f"(more than {policy.ZONE_AHEAD_MOST};" in PAGE
