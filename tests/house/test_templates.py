"""Templates hold no loophole: nothing unescaped, nothing inline, nothing from another host, no word that nobody can translate."""

import hashlib
import re

import pytest
from jinja2 import nodes

from tests.house.pages_as_written import Seen, markup, syntax, unmarked_sentences
from tests.house.sources import CHECKOUT, templates

LOADED = {"src", "href", "action", "formaction", "srcset", "poster", "data", "background", "ping", "manifest", "xlink:href"}
ELSEWHERE = re.compile(r"(?i)^\s*([a-z][a-z0-9+.-]*:|//|\\)")
SCRIPTS = sorted((CHECKOUT / "app/static").rglob("*.js"))
STYLES = sorted([*(CHECKOUT / "app/static").rglob("*.css"), *(CHECKOUT / "app/static").rglob("*.svg")])

VENDORED = {"htmx.min.js": "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130"}
"""Scripts of others that make pages of what the desk answers, with the digest of what was looked at (docs/desk.md)."""

RUNS_TEXT = re.compile(r"^(data-)?hx-(on|vals|headers|vars)|^(data-)?hx-trigger$")
"""Attributes whose value htmx may run as a script, which the content security policy refuses."""

NOT_WORDS = re.compile(r"""[\w:-]+="[^"]*" | %[A-Za-z] | \bRS\d\d\b | \bUTC\b | \bcase:…""", re.VERBOSE)
"""Attributes that a macro writes, forms of a time, numbers of safeguards, the zone of a time, and how a subject is written."""

NAMES_OF_STYLES = {"narrower narrower-"}

each_template = pytest.mark.parametrize("template", templates(), ids=lambda path: path.name)


def is_language(text):
    return bool(re.search(r"[^\W\d_]{2,}", NOT_WORDS.sub("", text)))


@each_template
def test_nothing_is_taken_for_safe(template):
    filters = {each.name for each in syntax(template).find_all(nodes.Filter)}
    assert filters & {"safe", "tojson", "xmlattr", "urlize"} == set()
    assert list(syntax(template).find_all(nodes.ScopedEvalContextModifier)) == []


def test_one_place_alone_makes_markup():
    makes = re.compile(r"\bMarkup\b|\bbleach\b|render_template_string")
    sources = [path for path in (CHECKOUT / "app").rglob("*.py") if makes.search(path.read_text("utf-8"))]
    assert [str(path.relative_to(CHECKOUT)) for path in sources] == ["app/sanitizing.py"]


@each_template
def test_nothing_is_inline(template):
    seen = Seen(template).elements
    assert [(tag, given) for tag, given in seen if tag == "style" or (tag == "script" and "src" not in given)] == []
    assert [(tag, name) for tag, given in seen for name in given if name == "style" or name.startswith("on")] == []


@each_template
def test_nothing_is_loaded_from_another_host(template):
    addresses = [(tag, value) for tag, given in Seen(template).elements for name, value in given.items() if name in LOADED and value]
    assert [each for each in addresses if ELSEWHERE.match(each[1]) and not each[1].startswith(("mailto:", "tel:"))] == []


@each_template
def test_no_page_holds_another(template):
    assert [given for tag, given in Seen(template).elements if tag in ("base", "iframe", "frame", "object", "embed", "portal")] == []


@each_template
def test_every_word_can_be_translated(template):
    assert [words.strip() for words in Seen(template).words if is_language(words)] == []


@each_template
def test_words_inside_expressions_can_be_translated_too(template):
    assert [words for words in unmarked_sentences(template) if is_language(words) and words not in NAMES_OF_STYLES] == []


@each_template
def test_a_form_of_the_desk_carries_its_token(template):
    if "desk" not in template.parts and "sign_in" not in template.parts:
        return
    for form in re.findall(r"<form.*?</form>", markup(template), re.DOTALL):
        assert 'method="post"' not in form or 'name="csrf_token"' in form


@each_template
def test_a_form_of_the_public_carries_none(template):
    # The token's cookie would tell that somebody was here.
    assert "public" not in template.parts or "csrf_token" not in (CHECKOUT / template).read_text(encoding="utf-8")


@each_template
def test_nothing_asks_htmx_to_run_text(template):
    assert [(tag, name) for tag, given in Seen(template).elements for name in given if RUNS_TEXT.match(name)] == []
    assert "javascript:" not in markup(template)


@pytest.mark.parametrize("name", VENDORED)
def test_a_script_of_others_is_the_one_that_was_looked_at(name):
    (file,) = (script for script in SCRIPTS if script.name == name)
    assert hashlib.sha256(file.read_bytes()).hexdigest() == VENDORED[name]
    assert VENDORED[name] in (CHECKOUT / "docs/desk.md").read_text("utf-8")
    assert list(file.parent.glob("LICENSE*"))


@pytest.mark.parametrize("script", [script for script in SCRIPTS if script.name not in VENDORED], ids=lambda path: path.name)
def test_scripts_make_no_markup_and_run_no_text(script):
    loopholes = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|\.style\b"
    assert re.findall(loopholes, script.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("file", [*SCRIPTS, *STYLES], ids=lambda path: path.name)
def test_styles_and_scripts_load_nothing_from_elsewhere(file):
    text = file.read_text(encoding="utf-8").replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert re.findall(r"https?://\S+|@import|url\(\s*[\"']?(?:https?:|//)", text) == []
