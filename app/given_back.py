"""What somebody typed into a form that can be taken no more: given back, to read and copy. Stores nothing."""

from collections.abc import Callable, Iterator
from http import HTTPStatus
from itertools import islice

from flask import Response, make_response, render_template, request

from moderation import policy

FIELDS_AT_MOST = 100
"""Fields that are given back: more than any form has, and far fewer than a guest could make us draw a page of."""


def page(template: str, status: HTTPStatus, *, name_of: Callable[[str], str], **told: object) -> Response:
    """This template, with what was typed in `typed`.

    `name_of` tells what the page calls a field, in its language, and is empty for what nobody types: a choice, what the page itself
    put there. A password has no name either.
    """
    typed = tuple(islice(_typed(name_of), FIELDS_AT_MOST))
    response = make_response(render_template(template, typed=typed, policy=policy, **told))
    response.status_code = status.value
    return response


def _typed(name_of: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    named = ((name_of(field), value) for field, value in request.form.items(multi=True))
    return ((name, value) for name, value in named if name and value.strip())
