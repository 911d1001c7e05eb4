"""Reads a page as a browser without scripts does: its elements, and its forms with what they would send. Fetches nothing."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode

from deploy.tour.telling import Unexpected, expect

VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
NO_VALUE = frozenset({"submit", "button", "reset", "image", "file"})


@dataclass
class Element:
    """One element with what is in it."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    content: list["Element | str"] = field(default_factory=list)

    def all(self, tag: str = "", css_class: str = "") -> Iterator["Element"]:
        """Every element below this one, in order, of that tag and class."""
        for part in self.content:
            if isinstance(part, Element):
                if tag in ("", part.tag) and (not css_class or css_class in part.attributes.get("class", "").split()):
                    yield part
                yield from part.all(tag, css_class)

    def first(self, tag: str = "", css_class: str = "") -> "Element | None":
        """The first such element, None where there is none."""
        return next(self.all(tag, css_class), None)

    @property
    def raw(self) -> str:
        """All text in it, as it stands."""
        return "".join(part if isinstance(part, str) else part.raw for part in self.content)

    @property
    def text(self) -> str:
        """All text in it, white space made one space."""
        return " ".join(self.raw.split())

    def texts(self, tag: str = "", css_class: str = "") -> list[str]:
        """The text of every such element."""
        return [element.text for element in self.all(tag, css_class)]


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].content.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        for depth in range(len(self._open) - 1, 0, -1):
            if self._open[depth].tag == tag:
                del self._open[depth:]
                return

    def handle_data(self, text: str) -> None:
        self._open[-1].content.append(text)


def read(text: str) -> Element:
    """Read a page."""
    builder = _Builder()
    builder.feed(text)
    builder.close()
    return builder.root


@dataclass
class Control:
    """One control of a form. `sends` says whether its value goes along as the form stands."""

    name: str
    kind: str
    value: str
    sends: bool
    choices: tuple[str, ...] = ()


class Form:
    """A form as the page offers it. What it does not offer cannot be filled in."""

    def __init__(self, element: Element) -> None:
        self.action = element.attributes.get("action", "")
        self.method = element.attributes.get("method", "get").lower()
        self.element = element
        self.controls = [control for part in element.all() if (control := _control(part))]

    def fill(self, answers: Mapping[str, str | bool]) -> "Form":
        """Fill in, choose or tick; an answer of True or False ticks or clears a box.

        Raises:
            Unexpected: the form offers no such field or choice.
        """
        for name, answer in answers.items():
            found = [control for control in self.controls if control.name == name]
            expect(found, f"a field {name!r} in the form {self.action}", f"the fields {', '.join(sorted(self.names))}")
            _answer(found, answer)
        return self

    @property
    def names(self) -> frozenset[str]:
        return frozenset(control.name for control in self.controls)

    def value(self, name: str) -> str:
        """What a field holds now, empty where nothing would be sent for it."""
        return next((control.value for control in self.controls if control.name == name and control.sends), "")

    def choices(self, name: str) -> tuple[str, ...]:
        """The values of a group of radio buttons, in order."""
        return tuple(control.value for control in self.controls if control.name == name and control.kind == "radio")

    def encoded(self) -> str:
        """What a browser would send; line ends as browsers write them."""
        pairs = [(control.name, control.value) for control in self.controls if control.sends]
        return urlencode([(name, re.sub(r"\r\n|\r|\n", "\r\n", value)) for name, value in pairs])


def _control(part: Element) -> Control | None:
    name, kind = part.attributes.get("name", ""), part.attributes.get("type", "text").lower()
    if not name or "disabled" in part.attributes:
        return None
    if part.tag == "textarea":
        # The line break right after the tag is none of the text.
        return Control(name, "text", re.sub(r"\A\r?\n", "", part.raw), sends=True)
    if part.tag == "select":
        options = [(one.attributes.get("value", one.text), "selected" in one.attributes) for one in part.all("option")]
        chosen = next((value for value, selected in options if selected), options[0][0] if options else "")
        return Control(name, "select", chosen, sends=bool(options), choices=tuple(value for value, _ in options))
    if part.tag != "input" or kind in NO_VALUE:
        return None
    if kind in ("radio", "checkbox"):
        return Control(name, kind, part.attributes.get("value", "on"), sends="checked" in part.attributes)
    return Control(name, kind, part.attributes.get("value", ""), sends=True)


def _answer(found: list[Control], answer: str | bool) -> None:
    control = found[0]
    if isinstance(answer, bool):
        expect(control.kind == "checkbox", f"a box to tick for {control.name}", control.kind)
        control.sends = answer
    elif control.kind == "radio":
        expect(answer in [one.value for one in found], f"the choice {answer!r} for {control.name}", [one.value for one in found])
        for one in found:
            one.sends = one.value == answer
    elif control.kind == "select":
        expect(answer in control.choices, f"the choice {answer!r} for {control.name}", control.choices)
        control.value = answer
    elif control.kind == "hidden":
        raise Unexpected(f"a field of {control.name} that people can type in", "a hidden one")
    else:
        control.value = answer
