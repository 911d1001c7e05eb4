"""Host names: what is registrable by the public suffix list, and how to show a name. Must not read addresses or ask a name server."""

import unicodedata
from typing import Final

import idna
from publicsuffixlist import PublicSuffixList

RESERVED_SUFFIXES: Final = frozenset({"test", "example", "invalid", "localhost"})
"""Names kept for tests and documents (RFC 2606): known, though no public suffix list has them."""

_SUFFIXES: Final = PublicSuffixList()

# Scripts that one label may mix (Unicode UTS 39, "highly restrictive"); by the first word of each character's name.
_MIXABLE: Final = (
    frozenset({"LATIN", "CJK", "HIRAGANA", "KATAKANA"}),
    frozenset({"LATIN", "CJK", "BOPOMOFO"}),
    frozenset({"LATIN", "CJK", "HANGUL"}),
)
_UNSCRIPTED: Final = frozenset({"DIGIT", "HYPHEN-MINUS", "LOW", "COMBINING", "IDEOGRAPHIC", "KATAKANA-HIRAGANA", "MIDDLE", "ZERO"})

# Letters of these scripts that look like Latin ones: a label made of nothing else imitates a Latin name.
_LATIN_LOOKALIKES: Final = {
    "CYRILLIC": frozenset("аысԁеԍһіюјӏорԗԛѕԝхуъьҽпгѵѡмкт"),
    "GREEK": frozenset("αικνορτυχωηγε"),
    "ARMENIAN": frozenset("օսզհոցքյգլ"),
}


def is_ip(host: str) -> bool:
    """Tell whether a canonical host is an address of a machine. The URL standard lets only those end in a number or be bracketed."""
    return host.startswith("[") or host.rpartition(".")[2].isdigit()


def registrable_domain(host: str) -> str | None:
    """Name the registrable domain, private section included; None for a public suffix, single label, IP address or onion service."""
    # An onion name is a key: nobody registers it, although the list has `onion` among its suffixes.
    if is_ip(host) or host.endswith(".onion"):
        return None
    domain: str | None = _SUFFIXES.privatesuffix(host)
    return domain


def is_public_suffix(host: str) -> bool:
    """Tell whether names of unrelated people are registered right below this one (private section included)."""
    return not is_ip(host) and bool(_SUFFIXES.is_public(host))


def has_known_suffix(host: str) -> bool:
    """Tell whether the name ends in a suffix of the public suffix list or one reserved for tests; `file.pdf` does not."""
    if is_ip(host):
        return False
    return host.rpartition(".")[2] in RESERVED_SUFFIXES or _SUFFIXES.publicsuffix(host, accept_unknown=False) is not None


def with_parents(host: str) -> tuple[str, ...]:
    """List the name and every name above it with at least two labels, longest first; nothing for an IP address or a single label."""
    if is_ip(host):
        return ()
    labels = host.split(".")
    return tuple(".".join(labels[start:]) for start in range(len(labels) - 1))


def display_host(host: str) -> str:
    """Show a host in its own letters where that cannot mislead, otherwise as it is stored (A-labels)."""
    if "xn--" not in host:
        return host
    try:
        labels = [idna.ulabel(label) if label.startswith("xn--") else label for label in host.split(".")]
    except idna.IDNAError:
        return host
    return ".".join(labels) if all(_is_plain_to_see(label) for label in labels) else host


def _is_plain_to_see(label: str) -> bool:
    if label.isascii():
        return True
    scripts = {script_of(letter) for letter in label} - _UNSCRIPTED
    if len(scripts) > 1:
        return any(scripts <= allowed for allowed in _MIXABLE)
    lookalikes = _LATIN_LOOKALIKES.get(next(iter(scripts), ""), frozenset())
    return not all(letter in lookalikes or letter.isascii() for letter in label)


def script_of(letter: str) -> str:
    """Name the script of a letter, by the first word of its name in Unicode: LATIN, CYRILLIC, CJK."""
    return unicodedata.name(letter, "UNKNOWN").split(" ")[0]
