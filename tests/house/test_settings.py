"""Settings and their description agree both ways, and whatever is wrong is named before anything starts."""

import ast
import os
from dataclasses import FrozenInstanceError
from io import StringIO

import pytest
from dotenv import dotenv_values

from config import CHECKOUT, Settings, SettingsError, default_data_folder, environment_names
from tests.house.sources import modules, tree

LINES = (CHECKOUT / ".env.example").read_text(encoding="utf-8").splitlines()
NAMES = environment_names()
SECRET = "a secret of more than thirty-two characters"

PRODUCTION = {
    "FLAGSTONE_ENV": "production",
    "FLAGSTONE_LIST_NAME": "list.example.org",
    "FLAGSTONE_OPERATOR": "Example Foundation",
    "FLAGSTONE_CONTACT": "contact@flag.example.org",
    "FLAGSTONE_BASE_URL": "https://flag.example.org",
    "FLAGSTONE_SECRET_KEY": SECRET,
}

WRONG = {
    "FLAGSTONE_ENV": "staging",
    "DATABASE_URL": "mysql://127.0.0.1/flagstone",
    "PORT": "70000",
    "FLAGSTONE_LIST_NAME": "not a name",
    "FLAGSTONE_BASE_URL": "flag.example.org",
    "FLAGSTONE_EXIT_URL": "http://plain.example/",
    "FLAGSTONE_HOTLINES": "/nowhere/hotlines.toml",
    "FLAGSTONE_SURFACES": "desk",
    "FLAGSTONE_SECRET_KEY": "short",
    "FLAGSTONE_WORKERS": "0",
    "FLAGSTONE_BEHIND_PROXY": "yes",
    "FLAGSTONE_CLIENT_HEADER": "X Real IP",
    "FLAGSTONE_LOCAL_WEBHOOKS": "yes",
    "FLAGSTONE_REDIS_URL": "memcached://127.0.0.1",
    "FLAGSTONE_ACCEL": "_feed",
    "FLAGSTONE_SETTLE_FIRST": "yes",
    "FLAGSTONE_DNS_PRIMARY": "ns.example.org",
    "FLAGSTONE_DNS_SOFTWARE": "dnsmasq",
    "FLAGSTONE_DNS_CONTROL": "knotc 'x",
    "FLAGSTONE_DNS_FOLDER": '/srv/"dns',
    "FLAGSTONE_DNS_PUBLIC": "192.0.2.53@0",
}


def described(*, set_only=False):
    """Name to value as the example gives them; those it only mentions stand behind a `#`."""
    settings = [line for line in LINES if "=" in line and " " not in line.partition("=")[0]]
    text = "\n".join(line if set_only else line.removeprefix("#") for line in settings)
    return {name: value or "" for name, value in dotenv_values(stream=StringIO(text), interpolate=False).items()}


def test_the_example_describes_every_setting_and_no_other():
    assert set(described()) == set(NAMES.values())


def test_each_setting_is_explained_above_its_line():
    places = [number for number, line in enumerate(LINES) if line.removeprefix("#").partition("=")[0] in NAMES.values()]
    assert [LINES[place] for place in places if not LINES[place - 1].startswith("# ")] == []


def test_the_example_shows_the_defaults():
    assert Settings.from_env(described(set_only=True)) == Settings.from_env({})


def test_what_the_example_leaves_unset_has_no_default_that_it_could_show():
    assert {value for name, value in described().items() if name not in described(set_only=True)} == {""}


def test_copying_the_example_whole_changes_nothing():
    assert Settings.from_env(described()) == Settings.from_env({})


def test_the_defaults_that_depend_on_the_machine_are_told():
    text = "\n".join(LINES)
    as_root = str(default_data_folder(as_root=True).parent)
    assert f"Default: ./{default_data_folder(as_root=False).name}, and as root {as_root}/" in text
    assert "Default: http://127.0.0.1:<PORT>." in text


def test_one_module_reads_the_environment():
    readers = {
        str(module)
        for module in modules()
        for node in ast.walk(tree(module))
        if module.parts[0] in ("app", "moderation", "wsgi.py")
        and isinstance(node, (ast.Subscript, ast.Attribute))
        and ast.unparse(node.value) in ("os.environ", "environ")
    }
    readers |= {str(module) for module in modules() if module.parts[0] in ("app", "moderation") and "getenv" in ast.unparse(tree(module))}
    assert readers == set()


@pytest.mark.parametrize("name", WRONG)
def test_a_setting_that_is_wrong_is_named_with_what_to_do(name):
    with pytest.raises(SettingsError) as refused:
        Settings.from_env({name: WRONG[name]})
    assert str(refused.value).startswith(f"{name}: ")


def test_all_faults_are_told_at_once():
    with pytest.raises(SettingsError) as refused:
        Settings.from_env(WRONG)
    assert {line.partition(":")[0] for line in str(refused.value).splitlines()} == set(WRONG)


@pytest.mark.parametrize("name", sorted(set(PRODUCTION) - {"FLAGSTONE_ENV"}))
def test_production_does_not_start_without(name):
    with pytest.raises(SettingsError, match=f"^{name}: is missing"):
        Settings.from_env({each: value for each, value in PRODUCTION.items() if each != name})


def test_production_starts_with_what_it_needs():
    assert Settings.from_env(PRODUCTION).is_production


def test_a_header_that_anyone_could_write_is_not_trusted():
    with pytest.raises(SettingsError, match=r"^FLAGSTONE_CLIENT_HEADER: needs FLAGSTONE_BEHIND_PROXY=1"):
        Settings.from_env({"FLAGSTONE_CLIENT_HEADER": "X-Real-IP"})
    assert Settings.from_env({"FLAGSTONE_CLIENT_HEADER": "X-Real-IP", "FLAGSTONE_BEHIND_PROXY": "1"}).client_header == "X-Real-IP"


def test_settings_never_change():
    with pytest.raises(FrozenInstanceError):
        Settings.from_env({}).port = 1


def test_no_secret_is_printed_with_the_settings():
    urls = {"DATABASE_URL": f"postgresql://flagstone:{SECRET}@127.0.0.1/flagstone", "FLAGSTONE_REDIS_URL": f"redis://:{SECRET}@127.0.0.1/0"}
    printed = repr(Settings.from_env({**PRODUCTION, **urls}))
    assert SECRET not in printed


def test_the_data_of_root_lie_outside_the_checkout():
    found = Settings.from_env({}).data
    assert found.is_relative_to(CHECKOUT) == (os.geteuid() != 0)
