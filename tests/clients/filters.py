"""Engines of browsers' filters: the Rust one that Brave began with (PyPI adblock), Ghostery's, and uBlock Origin's own."""

import importlib.util
import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.clients.pages import ADBLOCK, BLOCKED, PASSES
from tests.clients.resolvers import program

FOLDER = Path(__file__).parent / "engines"
HOW = "npm ci --prefix tests/clients/engines, and requirements-dev.txt"
SECONDS = 60


def missing() -> list[str]:
    """What this machine lacks."""
    return [
        *(name for name in ("node", "curl") if program(name) is None),
        *([] if (FOLDER / "node_modules").exists() else ["the engines of tests/clients/engines"]),
        *([] if importlib.util.find_spec("adblock") else ["adblock"]),
    ]


def verdicts(text: str, addresses: Sequence[str], *, within: str = "") -> dict[str, dict[str, str]]:
    """What each engine says of each address that a person opens, or that a page of the address `within` shows as a picture."""
    found = _in_node(text, addresses, within) | {ADBLOCK: _in_rust(text, addresses, within)}
    return {
        name: {address: BLOCKED if is_blocked else PASSES for address, is_blocked in zip(addresses, each, strict=True)}
        for name, each in found.items()
    }


def _in_node(text: str, addresses: Sequence[str], within: str) -> dict[str, list[bool]]:
    kind = "image" if within else "main_frame"
    requests = [{"url": address, "type": kind, "source": within or address} for address in addresses]
    asked = json.dumps({"list": text, "requests": requests})
    command = [program("node"), "match.mjs"]
    ran = subprocess.run(command, cwd=FOLDER, input=asked, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert ran.returncode == 0, ran.stderr
    return dict(json.loads(ran.stdout))


def _in_rust(text: str, addresses: Sequence[str], within: str) -> list[bool]:
    import adblock

    filters = adblock.FilterSet()
    filters.add_filter_list(text)
    engine = adblock.Engine(filters)
    kind = "image" if within else "document"
    return [engine.check_network_urls(address, within or address, kind).matched for address in addresses]
