"""What the tour puts through the seats: the resources that the lines name, and what is to become of each. Asks no server."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from deploy.tour.instance import Instance
from deploy.tour.telling import expect, printable

WIDE = ("host", "domain")
NAMES_FILES = ("domains.txt", "hosts.txt", "rpz.zone", "unbound.conf", "dnsmasq.conf")
"""What name servers load: names, and never a page."""
PAGES_FILE = "urls.txt"
EVERYTHING_FILE = "feed.jsonl"
LONGEST_NAME = 253


@dataclass(frozen=True)
class Target:
    """How much is listed."""

    scope: str
    text: str

    @property
    def is_wide(self) -> bool:
        return self.scope in WIDE

    @property
    def value(self) -> str:
        """As the desk's form carries it."""
        return f"{self.scope}|{self.text}"

    def __str__(self) -> str:
        return f"{self.scope} {printable(self.text)}"

    def covers_name(self, name: str) -> bool:
        """Whether a name server that takes the list refuses this name because of this target."""
        return self.is_wide and f".{name}".endswith(f".{self.text}")

    def files(self, list_name: str) -> frozenset[str]:
        """The files of the feed that carry it (docs/formats.md says what each has no room for)."""
        if self.text.partition("/")[0].partition(":")[0].endswith(".onion"):
            return frozenset({EVERYTHING_FILE})
        if not self.is_wide:
            return frozenset({EVERYTHING_FILE} if "*" in self.text else {EVERYTHING_FILE, PAGES_FILE})
        too_long = len(f"*.{self.text}.rpz.{list_name}") > LONGEST_NAME
        return frozenset({EVERYTHING_FILE, *NAMES_FILES}) - ({"rpz.zone"} if too_long else set())


@dataclass
class Case:
    """One resource on its way. `wished` is the scope to propose; empty for the widest that the desk does not refuse."""

    kind: str
    canonical: str
    host: str | None
    scopes: tuple[str, ...]
    wished: str = ""
    lines: list[str] = field(default_factory=list)
    path: str = ""
    target: Target | None = None
    needs_senior: bool = False
    rejected: str = ""

    @property
    def name(self) -> str:
        return "the words" if self.kind == "free_text" else printable(self.canonical)

    @property
    def search(self) -> str:
        """What a moderator looks for in the queue: the host where there is one, since an address can be too long for an address bar."""
        return self.host or self.canonical


@dataclass
class Report:
    """One line as somebody reports it. `refused` says why the form is to say no, empty where it is to take it."""

    line: str
    cases: list[Case] = field(default_factory=list)
    refused: str = ""
    code: str = ""


def lines_of(path: Path) -> list[str]:
    """The lines of a file that somebody gave, whatever is in them; empty ones are passed over."""
    lines = re.split(rb"\r\n|\n|\r", path.read_bytes())
    return [text for line in lines if (text := line.decode("utf-8", "replace")).strip()]


def read(instance: Instance, lines: list[str], *, longest: int) -> list[Report]:
    """Ask `flask resources parse` what each line names; lines that name the same resource share a case."""
    known: dict[tuple[str, str], Case] = {}
    return [_report(instance_answer, line, known, longest) for line, instance_answer in zip(lines, _parsed(instance, lines), strict=True)]


def _parsed(instance: Instance, lines: list[str]) -> list[list[dict[str, str]]]:
    said = instance.flask("resources", "parse", given="".join(f"{line}\n" for line in lines).encode())
    answers = [orjson.loads(line) for line in said.splitlines() if line.strip()]
    found: list[list[dict[str, str]]] = []
    for answer in answers:
        # One line of ours gives one answer for each thing in it, all with that line as their input.
        same = found and found[-1][0]["input"] == answer["input"] and not _begins_again(found[-1], answer)
        if same:
            found[-1].append(answer)
        else:
            found.append([answer])
    expect(len(found) == len(lines), f"an answer of `flask resources parse` to each of {len(lines)} lines", f"answers to {len(found)}")
    return found


def _begins_again(group: list[dict[str, str]], answer: dict[str, str]) -> bool:
    """Whether the same words stand on two lines in a row: within one line nothing is named twice."""
    return "error" in answer or any((one.get("kind"), one.get("canonical")) == (answer["kind"], answer["canonical"]) for one in group)


def _report(answers: list[dict[str, str]], line: str, known: dict[tuple[str, str], Case], longest: int) -> Report:
    report = Report(line)
    if len(line) > longest:
        report.refused = f"it is longer than {longest} characters"
        return report
    for answer in answers:
        if "error" in answer:
            report.refused = answer["error"]
            return report
        key = (answer["kind"], answer["canonical"])
        case = known.setdefault(key, Case(*key, answer["host"], tuple(answer["scopes"])))
        case.lines.append(line)
        report.cases.append(case)
    return report
