"""One file each: what a plug-in must bring, and that a broken or missing one stops the start."""

import ast
import importlib
import subprocess
import sys
import types

import pytest

from moderation import formats, resources, safeguards
from moderation.errors import BrokenPlugin
from moderation.plugins import discover
from tests.house.sources import CHECKOUT, nodes

ROOMS = {"resources": resources, "safeguards": safeguards, "formats": formats}
NEEDS = {"resources": resources.CONTRACT, "safeguards": safeguards.CONTRACT, "formats": formats.REQUIRED}
PLUGINS = sorted((room, path.stem) for room in ROOMS for path in (CHECKOUT / "moderation" / room).glob("[!_]*.py"))
KIND = (
    "KIND = {!r}\nLABEL = TOLD = 'words'\nPRECEDENCE = 1\nREACHES_A_PERSON = SHARES_ITS_HOST = False\n"
    "find = restore = print\nEXAMPLES = (('a', 'a'),)\n"
)

each_plugin = pytest.mark.parametrize(("room", "name"), PLUGINS)


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A room of plug-ins, made of one file for each source."""

    def made(**sources):
        for name, source in sources.items():
            (tmp_path / f"{name}.py").write_text(source)
            monkeypatch.delitem(sys.modules, f"plugins_under_test.{name}", raising=False)
        room = types.ModuleType("plugins_under_test")
        room.__path__ = [str(tmp_path)]
        monkeypatch.setitem(sys.modules, "plugins_under_test", room)
        return room

    importlib.invalidate_caches()
    yield made
    for name in [name for name in sys.modules if name.startswith("plugins_under_test.")]:
        del sys.modules[name]


def safeguard(identifier, *, required=True):
    """The source of a safeguard that keeps its contract."""
    return f"IDENTIFIER = {identifier!r}\nQUESTION = SOURCE = 'words'\nREQUIRED = {required}\ncheck = print\nEXAMPLES = (1,)\n"


def all_required(**changes):
    sources = {f"{each.lower()}_made": safeguard(each) for each in safeguards.REQUIRED_IDENTIFIERS}
    return {name: source for name, source in {**sources, **changes}.items() if source}


@each_plugin
def test_every_file_of_a_room_is_found(room, name):
    found = {"resources": resources.KINDS.values(), "safeguards": safeguards.SAFEGUARDS.values(), "formats": formats.installed()}
    assert f"moderation.{room}.{name}" in {module.__name__ for module in found[room]}


@each_plugin
def test_a_plugin_brings_all_of_its_contract_and_examples(room, name):
    module = importlib.import_module(f"moderation.{room}.{name}")
    assert [attribute for attribute in (*NEEDS[room], "EXAMPLES") if not hasattr(module, attribute)] == []
    assert module.EXAMPLES


@each_plugin
def test_nobody_else_knows_a_plugin_by_its_file(room, name):
    package, module = f"moderation.{room}", f"moderation.{room}.{name}"
    named = {where for where, node in nodes(ast.Import) if module in {each.name for each in node.names}}
    named |= {
        where
        for where, node in nodes(ast.ImportFrom)
        if node.module == module or (node.module == package and name in {each.name for each in node.names})
    }
    assert {where for where in named if where.startswith(("app/", "moderation/"))} == set()


def test_plugins_are_found_in_order_of_their_names(package):
    room = package(b_second="EXAMPLES = (1,)", a_first="EXAMPLES = (1,)", _shared="raise RuntimeError")
    assert [module.__name__.rpartition(".")[2] for module in discover(room, required=())] == ["a_first", "b_second"]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("raise RuntimeError('no such list')", "broken does not import: no such list"),
        ("import nothing_of_this_name", "broken does not import"),
        ("def half(", "broken does not import"),
        ("EXAMPLES = (1,)", "broken lacks KIND"),
        ("KIND = 'x'", "broken lacks EXAMPLES"),
        ("KIND = 'x'\nEXAMPLES = ()", "broken has no examples"),
    ],
)
def test_a_broken_plugin_is_named_with_what_is_wrong(package, source, said):
    with pytest.raises(BrokenPlugin, match=said):
        discover(package(broken=source), required=("KIND",))


def test_two_plugins_can_not_claim_one_identifier(package):
    with pytest.raises(BrokenPlugin, match="both claim 'x'"):
        resources.registry(package(one=KIND.format("x"), two=KIND.format("x")))


def test_a_new_plugin_is_one_file(package):
    assert list(resources.registry(package(one=KIND.format("x"), two=KIND.format("y")))) == ["x", "y"]


@pytest.mark.parametrize("identifier", sorted(safeguards.REQUIRED_IDENTIFIERS))
def test_a_missing_safeguard_stops_the_start(package, identifier):
    with pytest.raises(BrokenPlugin, match=f"lacks the required safeguards {identifier}"):
        safeguards.registry(package(**all_required(**{f"{identifier.lower()}_made": ""})))


def test_a_safeguard_can_not_be_made_optional_by_its_own_file(package):
    with pytest.raises(BrokenPlugin, match="RS11 in plugins_under_test must be required"):
        safeguards.registry(package(**all_required(rs11_made=safeguard("RS11", required=False))))


def test_further_safeguards_are_welcome(package):
    assert "RS99" in safeguards.registry(package(**all_required(rs99_made=safeguard("RS99"))))


@pytest.mark.parametrize(("room", "name"), list({room: (room, name) for room, name in PLUGINS}.values()))
def test_the_application_does_not_start_with_a_broken_plugin(room, name):
    # A process of its own, in which the file of this one plug-in is empty.
    source = f"import sys, types; sys.modules['moderation.{room}.{name}'] = types.ModuleType('moderation.{room}.{name}'); import app"
    started = subprocess.run([sys.executable, "-c", source], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert f"BrokenPlugin: moderation.{room}.{name} lacks" in started.stderr
