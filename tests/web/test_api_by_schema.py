"""What the document says, held against the application by schemathesis: no fault of ours, and no answer that the document does not know."""

import os

import hypothesis
import pytest
import schemathesis
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from tests import builders
from tests.web.visitors import database_of, one_app

pytestmark = pytest.mark.long

TOKEN = "the token of the schema's tests"
EXAMPLES = int(os.environ.get("API_EXAMPLES", "40"))
"""How many requests for each call; `make api-check` asks for many more."""

load_all_checks()
CHECKED = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
)
CALLS = (("POST", "/api/v1/reports"), ("GET", "/api/v1/status"), ("POST", "/api/v1/status"))


@pytest.fixture(scope="module")
def app(server, template, tmp_path_factory):
    for app in one_app(server, template, tmp_path_factory.mktemp("instance")):
        with database_of(app).transaction() as session:
            builders.partner(session, token=TOKEN)
        yield app


@pytest.fixture(scope="module")
def schema(app):
    return schemathesis.openapi.from_wsgi("/api/openapi.json", app)


@pytest.mark.parametrize("sender", [{}, {"Authorization": f"Bearer {TOKEN}"}], ids=["anyone", "a partner"])
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["as described", "not as described"])
@pytest.mark.parametrize("call", CALLS, ids=" ".join)
def test_every_answer_is_one_that_the_document_knows(schema, call, mode, sender):
    method, address = call
    if mode is GenerationMode.NEGATIVE and method == "GET":
        return  # Nothing is sent that could be otherwise.

    @hypothesis.settings(max_examples=EXAMPLES, deadline=None, derandomize=True, suppress_health_check=list(hypothesis.HealthCheck))
    @hypothesis.given(case=schema[address][method].as_strategy(generation_mode=mode))
    def ask(case):
        case.call_and_validate(headers=sender, checks=[CHECKS.get_one(name) for name in CHECKED])

    ask()


def test_every_call_of_the_document_is_asked(schema):
    assert {(each.ok().method.upper(), each.ok().path) for each in schema.get_all_operations()} == set(CALLS)
