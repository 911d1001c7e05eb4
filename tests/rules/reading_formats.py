"""Readers of the formats of proxies, filters, sensors and spreadsheets, strict as the programs are: what a file says, entry by entry.

Each gives a set of (what, schemes, text, is_prefix): `name` with the name, `page` with the address after `://`, or a row of the table.
"""

import csv
import io
import re
from base64 import b64decode
from urllib.parse import unquote

from moderation.vocabulary import Scope

HTTP, HTTPS = "http", "https"
BOTH = frozenset({HTTP, HTTPS})


def name(text):
    return ("name", frozenset(), text, False)


def page(schemes, text, is_prefix):
    return ("page", frozenset(schemes), text, is_prefix)


def without_comments(text, mark):
    return [line for line in text.split("\n") if line and not line.startswith(mark)]


def squid_domains(text):
    return {name(line.removeprefix(".")) for line in without_comments(text, "#") if matching(r"\.[a-z0-9_.-]+", line)}


def squid_urls(text):
    found = (matching(r"\^(https\?|https|http)://(.*)", line) for line in without_comments(text, "#"))
    return {page(schemes(each[1]), *end(each[2])) for each in found}


def adblock(text):
    read = set()
    for line in without_comments(text, "!"):
        if listed := re.fullmatch(r"\|\|([a-z0-9_.-]+)\^(\$document)?", line):
            read.add(name(listed[1]))
        else:
            listed = matching(r"/\^(https\?|https|http):\\/\\/(.*)/\$(all|document|match-case,all)", line)
            assert not re.search(r"(?<!\\)(\\\\)*[/,]", listed[2]), line
            found = page(schemes(listed[1]), *end(listed[2]))
            assert listed[3] == "match-case,all" or not re.search("[A-Za-z]", found[2].partition("/")[2]), "its case does not count"
            read.add(found)
    return read


def nginx_map(text):
    read = set()
    for line in without_comments(text, "#"):
        key = matching(r'(\.[a-z0-9_.-]+|"[^"\\]+"|"~\^(?:[^"\\]|\\[^"tnr\\])*") 1;', line)[1]
        if key.startswith("."):
            read.add(name(key[1:]))
        elif key.startswith('"~^'):
            text, is_prefix = end(key[3:-1])
            read.add(page(BOTH, text.removesuffix("#"), is_prefix=is_prefix))
        else:
            assert key == key.lower(), "nginx compares strings without case"
            read.add(page(BOTH, key[1:-1], False))
    return read


RULE = r'alert (\w+) any any -> any any \(msg:"Flagstone listing"; (.*); metadata:flagstone [0-9a-f-]{36}; gid:(\d+); sid:(\d+); rev:1;\)'


def suricata_rules(text):
    read, numbers = set(), []
    for line in without_comments(text, "#"):
        rule = matching(RULE, line)
        numbers.append((rule[3], rule[4]))
        options = [option.partition(":")[::2] for option in rule[2].split("; ")]
        contents = [content(value) for option, value in options if option == "content"]
        if rule[2].startswith("http.host; content"):
            port = re.search(r'pcre:"/(:\d+)\$/"', rule[2])
            is_prefix = not rule[2].endswith("; endswith")
            read.add(page(BOTH, contents[0] + (port[1] if port else "") + contents[1], is_prefix))
        else:
            read.add(name(contents[0].removeprefix(".")))
    assert len(set(numbers)) == len(numbers)
    return read


def content(value):
    assert re.fullmatch(r'"(?:[^"\\;:|]|\|[0-9a-f]{2}\|)+"', value), value
    return re.sub(r"\|([0-9a-f]{2})\|", lambda found: chr(int(found[1], 16)), value[1:-1])


def suricata_domains(text):
    decoded = (b64decode(line, validate=True).decode() for line in text.split("\n") if line)
    return {name(each) for each in decoded if not each.startswith("# ")}


def feed_csv(text):
    # Programs part cells by the sign of their country.
    for sign in ",;\t|":
        cells = (cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=sign) for cell in row)
        assert not any(cell.lstrip(' "').startswith(("=", "+", "-", "@")) for cell in cells), "a program would take this for a formula"
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    read = [{column: plain(cell) for column, cell in row.items()} for row in rows]
    return {("row", row["scope"], row["target"], row["host"]) for row in read if row["type"] == "entry"}


def plain(cell):
    """A cell as it was meant: without the mark in front of what a program would run (docs/formats.md)."""
    return re.sub(r"(^|[;|\t]\s*)'(?=['=+\-@\t\r])", r"\1", cell)


def matching(pattern, line):
    found = re.fullmatch(pattern, line)
    assert found, line
    return found


def schemes(text):
    return {"https?": BOTH}.get(text, {text})


def end(pattern):
    """The text that an expression stands for, and whether it is a prefix. Everything in it must be a sign of its own."""
    is_prefix = not re.search(r"(?<!\\)(\\\\)*\$$", pattern)
    body = pattern if is_prefix else pattern[:-1]
    assert re.fullmatch(r"(?:[^\\^$.|?*+()\[\]{}]|\\[^a-zA-Z0-9]|\\x[0-9a-f]{2})*", body), body
    text = re.sub(r"\\x([0-9a-f]{2})|\\(.)", lambda found: chr(int(found[1], 16)) if found[1] else found[2], body)
    return text, is_prefix


READERS = {
    "squid-domains.txt": squid_domains,
    "squid-urls.txt": squid_urls,
    "adblock.txt": adblock,
    "nginx.map": nginx_map,
    "suricata.rules": suricata_rules,
    "suricata-domains.lst": suricata_domains,
    "feed.csv": feed_csv,
}


def expected(file_name, listed):
    """What the reader of this format must find of an entry that the format carries."""
    if file_name == "feed.csv":
        return {("row", str(listed.scope), listed.target, listed.host)}
    if listed.scope.is_wide:
        return {name(listed.target)}
    scheme, _, rest = listed.target.partition("://")
    only = rest.partition("/")[0].endswith(":443" if scheme == HTTP else ":80")
    text = unquote(rest) if file_name == "squid-urls.txt" else rest
    tells_schemes = file_name in ("squid-urls.txt", "adblock.txt")
    return {page({scheme} if only and tells_schemes else BOTH, text, listed.scope is Scope.PATH)}
