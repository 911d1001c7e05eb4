"""Imports go down only: the contracts of pyproject.toml, and every module placed in one of them."""

import subprocess
import sys
import tomllib
from pathlib import Path

from tests.house.sources import CHECKOUT

LINT = Path(sys.executable).with_name("lint-imports")


def contracts():
    return tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]


def test_imports_go_down_only():
    checked = subprocess.run([LINT, "--no-cache"], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_no_room_of_the_rules_is_left_unplaced():
    floors = next(contract for contract in contracts() if contract.get("containers") == ["moderation"])
    assert floors["exhaustive"] is True
