"""Reads the DNS formats as their programs do, so that whatever slipped into a file is seen. Knows nothing of how the formats write."""

import re

import dns.rdatatype
import dns.zone

UNBOUND_WORD = re.compile(r"""\s+ | \#[^\n]* | "(?P<double>[^"\n]*)" | '(?P<single>[^'\n]*)' | (?P<bare>[^\s"']+)""", re.VERBOSE)


def names(text):
    """A list of names: what is on each line."""
    return {(line,) for line in text.splitlines() if not line.startswith("#")}


def hosts(text):
    """A hosts file: an address and the names behind it, up to a `#`."""
    found = (tuple(line.partition("#")[0].split()) for line in text.splitlines())
    return {words for words in found if words}


def records(text):
    """A zone: every record but the two that make it a zone."""
    zone = dns.zone.from_text(text, origin="list.example", relativize=True)
    return {
        (str(name), str(record.target))
        for name, node in zone.items()
        for rdataset in node
        if rdataset.rdtype not in (dns.rdatatype.SOA, dns.rdatatype.NS)
        for record in rdataset
    }


def local_zones(text):
    """Unbound's configuration: pairs of a setting and its words. Line ends mean nothing to it; a setting is a bare word with a colon."""
    settings = []
    for match in UNBOUND_WORD.finditer(text):
        word = next((found for found in match.group("double", "single", "bare") if found is not None), None)
        if word is None:
            continue
        if match["bare"] and word.endswith(":"):
            settings.append([word])
        else:
            settings[-1].append(word)
    assert settings.pop(0) == ["server:"]
    return {tuple(setting) for setting in settings}


def servers(text):
    """A servers-file: each name between the slashes, with whom to ask behind the last one. Words in quotes are taken as they are."""
    found = set()
    for key, _, value in (_without_comment(line).partition("=") for line in text.splitlines()):
        if key.strip():
            *between, server = value.strip().split("/")
            found |= {(key.strip(), name, server) for name in between[1:] or [value]}
    return found


def _without_comment(line):
    # A `#` begins a comment where it stands first or behind a space, outside quotes; elsewhere it is a port or a wildcard.
    quoted, white = False, True
    for place, letter in enumerate(line):
        if letter == '"':
            quoted = not quoted
        if letter == "#" and white and not quoted:
            return line[:place]
        white = letter.isspace()
    return line
