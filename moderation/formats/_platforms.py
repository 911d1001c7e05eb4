"""Names that are a platform's own: public suffixes lie below them, though they are none themselves. Reads the list in the wheel, once."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files


def is_above_public_suffixes(name: str) -> bool:
    """Whether a rule of the public suffix list lies below the name: `amazonaws.com`, under which `s3.amazonaws.com` is a suffix."""
    return name in _above()


@cache
def _above() -> frozenset[str]:
    text = (files("publicsuffixlist") / "public_suffix_list.dat").read_text(encoding="utf-8")
    return frozenset(name for line in text.splitlines() if line and not line.startswith("//") for name in _names_above(line.strip()))


def _names_above(rule: str) -> Iterator[str]:
    # `*.name` makes each name below a suffix, so `name` itself is above; `!name` is an exception below such a rule.
    labels = rule.removeprefix("!").split(".")
    return (".".join(labels[start:]) for start in range(1, len(labels) - 1))
