"""E-mail addresses. Must not claim the user name of a web address, nor a handle of a network that is written with two `@`."""

import re
from collections.abc import Iterator
from typing import Final

from email_validator import EmailNotValidError, validate_email

from moderation import addresses
from moderation.resources._reading import Found, Reading
from moderation.vocabulary import N_, Resource

KIND: Final = "email"
LABEL: Final = N_("E-mail address")
TOLD: Final = N_("The e-mail provider, which can close it; the police where a crime is likely.")
PRECEDENCE: Final = 40
REACHES_A_PERSON: Final = True
SHARES_ITS_HOST: Final = False

_LOCAL: Final = r"[\w.+%'~-]"
_WRITTEN: Final = re.compile(
    rf"(?<![\w.+%'~@-])(?:mailto:[ \t]?)?(?P<local>{_LOCAL}{{1,100}})@(?P<host>[\w-]{{1,63}}(?:[.。][\w-]{{1,63}}){{1,8}})"
    r"(?:\?[\w%=&+.-]*)?"
)
_ASCII_END: Final = re.compile(r"[!-~]*$")
_ASCII_START: Final = re.compile(r"[!-~]+")
_TIMES: Final = 3


def find(reading: Reading) -> Iterator[Found]:
    """Find what has the form of an e-mail address under a known suffix; nobody is asked whether it exists."""
    text = reading.plain
    for match in _WRITTEN.finditer(text):
        canonical, host_end = _read(match)
        if canonical is not None:
            end = match.end() if host_end == match.end("host") else host_end
            yield Found(match.start(), end, Resource(kind=KIND, canonical=canonical))


def restore(canonical: str) -> Resource:
    """Rebuild the resource from its stored canonical form.

    Raises:
        ValueError: it is not one.
    """
    if _settled(canonical) != canonical:
        raise ValueError("not a canonical e-mail address")
    return Resource(kind=KIND, canonical=canonical)


def _read(match: re.Match[str]) -> tuple[str | None, int]:
    """Words glued to it in a script without spaces are cut off: 邮箱anna@evil.test谢谢."""
    local, host = match["local"].lstrip(".'%~-"), match["host"].replace("。", ".")
    for name, where in _cuts(local, host):
        canonical = _settled(f"{name}@{where}")
        if canonical is not None:
            return canonical, match.start("host") + len(where)
    return None, match.end()


def _cuts(local: str, host: str) -> Iterator[tuple[str, str]]:
    hosts = [host.rstrip("-_")]
    ascii_host = _ASCII_START.match(host)
    if ascii_host is not None and ascii_host.end() < len(host):
        hosts.append(ascii_host[0].rstrip(".-_"))
    names = [local]
    ascii_name = _ASCII_END.search(local)
    if ascii_name is not None and ascii_name[0]:
        names.insert(0, ascii_name[0].lstrip(".'%~-"))
    yield from ((name, where) for where in hosts for name in names if name)


def _settled(text: str) -> str | None:
    """Read it until nothing changes: letters' case does not count, on either side (docs/resources.md)."""
    for _ in range(_TIMES):
        read = _once(text)
        if read is None or read == text:
            return read
        text = read
    return None


def _once(text: str) -> str | None:
    try:
        # `test_environment` lets in the names kept for tests, as our other kinds do.
        valid = validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return None
    if not addresses.has_known_suffix(valid.ascii_domain.lower()):
        return None
    return f"{valid.local_part.lower()}@{valid.ascii_domain.lower()}"


EXAMPLES: Final[tuple[tuple[str, str | None], ...]] = (
    ("Anna.B+jobs@Evil.Test", "anna.b+jobs@evil.test"),
    ("mailto:anna@evil.test?subject=work", "anna@evil.test"),
    ("Anna <anna@evil.test>, please", "anna@evil.test"),
    ("anna [at] evil (dot) test", "anna@evil.test"),
    ("ａｎｎａ＠ｅｖｉｌ．ｔｅｓｔ", "anna@evil.test"),
    ("anna@bücher.example", "anna@xn--bcher-kva.example"),
    ("邮箱anna@evil.test谢谢", "anna@evil.test"),
    ("write to anna@evil.test.", "anna@evil.test"),
    ("@anna@social.test", None),
    ("https://anna@evil.test/a", None),
    ("anna@nowhere", None),
    ("anna@file.pdf", None),
)
