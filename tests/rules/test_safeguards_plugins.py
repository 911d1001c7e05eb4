"""Safeguards as plug-ins: none may be missing, and one that breaks, or says what nobody can read, refuses."""

from dataclasses import replace
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from moderation import safeguards
from moderation.errors import BrokenPlugin
from moderation.safeguards import _example as example
from moderation.safeguards import run
from moderation.vocabulary import (
    CaseFacts,
    Effect,
    Finding,
)


def told(finding: Finding) -> str:
    return finding.reason % finding.values


# --- Plug-ins -------------------------------------------------------------------------------------------------------


def package_of(folder: Path, name: str, files: dict[str, str]) -> ModuleType:
    (folder / name).mkdir()
    for file, text in {"__init__.py": "", **files}.items():
        (folder / name / file).write_text(text)
    return __import__(name)


def rewritten(required: bool = True, leave_out: str = "") -> dict[str, str]:
    text = 'IDENTIFIER="{0}"\nQUESTION="?"\nSOURCE="s"\nREQUIRED={1}\nEXAMPLES=[1]\ndef check(facts): ...\n'
    return {f"{name.lower()}.py": text.format(name, required) for name in safeguards.REQUIRED_IDENTIFIERS if name != leave_out}


@pytest.fixture
def importable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def test_a_missing_required_safeguard_stops_the_start(importable: Path) -> None:
    package = package_of(importable, "safeguards_without_one", rewritten(leave_out="RS11"))
    with pytest.raises(BrokenPlugin, match="RS11"):
        safeguards.registry(package)


def test_a_required_safeguard_cannot_call_itself_optional(importable: Path) -> None:
    package = package_of(importable, "safeguards_optional", rewritten(required=False))
    with pytest.raises(BrokenPlugin, match="must be required"):
        safeguards.registry(package)


def test_two_safeguards_of_one_number_stop_the_start(importable: Path) -> None:
    files = rewritten()
    package = package_of(importable, "safeguards_twice", {**files, "rs99_copy.py": files["rs01.py"]})
    with pytest.raises(BrokenPlugin, match="RS01"):
        safeguards.registry(package)


def test_a_new_safeguard_is_one_new_file(importable: Path) -> None:
    files = rewritten()
    package = package_of(importable, "safeguards_and_one", {**files, "rs99_new.py": files["rs01.py"].replace("RS01", "RS99")})
    assert "RS99" in safeguards.registry(package)


FINDING = Finding(safeguard="RS99", effect=Effect.PASS, reason="Nothing is wrong.")


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (None, "AttributeError"),
        (replace(FINDING, more=None), "TypeError"),
        (replace(FINDING, more=(None,)), "AttributeError"),
        (replace(FINDING, effect="refuse"), "ValueError"),
        (replace(FINDING, more=(replace(FINDING, effect="refuse"),)), "ValueError"),
    ],
    ids=["nothing", "no more", "nothing more", "an effect that is none", "more with such an effect"],
)
def test_a_check_whose_answer_cannot_be_read_refuses_and_says_so(answer: Any, fault: str) -> None:
    (finding,) = run(example.facts(), safeguards=[SimpleNamespace(IDENTIFIER="RS99", check=lambda _: answer)])
    assert (finding.effect, finding.values["fault"]) == (Effect.BLOCK, fault)


def test_a_check_that_breaks_refuses_and_says_so() -> None:
    def check(_: CaseFacts) -> Finding:
        raise ZeroDivisionError

    broken: Any = SimpleNamespace(IDENTIFIER="RS99", check=check)
    (finding,) = run(example.facts(), safeguards=[broken])
    assert finding.effect is Effect.BLOCK
    assert "could not be made" in told(finding)
    assert "ZeroDivisionError" in told(finding)
