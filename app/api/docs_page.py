"""`/api/openapi.json`, and the same document as a page: plain HTML, without scripts and without anything from elsewhere."""

from typing import Any

import orjson
from flask import Response, jsonify, render_template

from app import instance
from app.api.blueprint import api
from app.api.document import Part, document, phrase
from app.audience import PUBLIC, audience

BEARER = "Authorization: Bearer …"


@api.get("/openapi.json")
@audience(PUBLIC)
def openapi() -> Response:
    """The document, for programs."""
    return jsonify(_document())


@api.get("/docs")
@audience(PUBLIC)
def docs() -> str:
    """The document, for people."""
    told = _document()
    return render_template(
        "api/docs.html",
        told=told,
        schemas=told["components"]["schemas"],
        phrase=phrase,
        written=_written,
        type_of=type_of,
        below=_below,
        bearer=BEARER,
    )


def _document() -> Part:
    return document(instance.settings().base_url)


def _written(example: Any) -> str:  # noqa: ANN401 - any JSON
    return orjson.dumps(example, option=orjson.OPT_INDENT_2).decode()


def _below(schema: Part) -> list[str]:
    """The names of the types that a schema is one of."""
    return [each["$ref"].rpartition("/")[2] for each in schema.get("oneOf", [schema])]


def type_of(schema: Part) -> str:
    """A field's type in few signs, as programmers read them."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema or "oneOf" in schema:
        return " | ".join(type_of(each) for each in schema.get("anyOf") or schema["oneOf"])
    if "enum" in schema:
        return " | ".join(f'"{each}"' for each in schema["enum"])
    if "const" in schema:
        return str(schema["const"])
    if schema.get("type") == "array":
        return f"[{type_of(schema['items'])}]"
    return str(schema.get("type", "any"))
