"""Templates as their author wrote them: their markup with every expression replaced, and the sentences in it. Asserts nothing."""

from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment, nodes

from tests.house.sources import CHECKOUT

STAND_IN = "\N{REPLACEMENT CHARACTER}"
"""Stands for what an expression gives."""

SPOKEN = ("alt", "title", "aria-label", "aria-description", "placeholder", "label")
TRANSLATES = ("_", "gettext", "ngettext", "pgettext")

_jinja = Environment(autoescape=True, extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True)


@cache
def syntax(template: Path) -> nodes.Template:
    return _jinja.parse((CHECKOUT / template).read_text(encoding="utf-8"))


def markup(template: Path) -> str:
    """The template's own characters in reading order, both sides of every condition, each expression as a stand-in."""
    return "".join(
        part.data if isinstance(part, nodes.TemplateData) else STAND_IN
        for output in syntax(template).find_all(nodes.Output)
        for part in output.nodes
    )


@dataclass
class Seen(HTMLParser):
    """What a reader of the markup would read or hear, and every element with its attributes."""

    template: Path
    words: list[str] = field(default_factory=list)
    elements: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(markup(self.template))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.words += [value for name, value in attrs if name in SPOKEN and value]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def unmarked_sentences(template: Path) -> list[str]:
    """Texts inside expressions that look like words for a reader, and go through no translation."""
    marked = {
        id(constant)
        for call in syntax(template).find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in TRANSLATES
        for constant in call.find_all(nodes.Const)
    }
    texts = [each.value for each in syntax(template).find_all(nodes.Const) if isinstance(each.value, str) and id(each) not in marked]
    return [text for text in texts if text[:1].isupper() or " " in text.strip()]
