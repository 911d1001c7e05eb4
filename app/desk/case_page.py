"""One case: evidence beside decision. Shows what the view allows this person, and gives back what was typed; decides nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Response, make_response, render_template, request, session
from flask.typing import ResponseReturnValue

from app import clock
from app.audience import audience
from app.database import request_session, transaction
from app.desk import case_values, desk, forms, opening
from app.desk.attempts import Attempt
from app.desk.frame import REVIEWERS, acting
from moderation import queue, reviewing


@dataclass(frozen=True, slots=True, kw_only=True)
class Revealed:
    """What is sealed of one resource, opened for this one page; `told` is None where the desk's key does not open it."""

    kind: str
    told: Mapping[str, str] | None


@desk.get("/cases/<uuid:reference>")
@audience(*REVIEWERS)
def case(reference: UUID) -> ResponseReturnValue:
    """The case as this person may see it. Opening it again is work on it, so it lengthens the holder's lease."""
    with transaction() as database:
        queue.extend(database, reference, by=acting(), at=clock.now())
    return shown(reference)


def shown(reference: UUID, *, attempt: Attempt | None = None, revealed: tuple[Revealed, ...] = (), status: int = 200) -> Response:
    """The case page, with an attempt that failed put back into its form, or with what was just `revealed`."""
    page = forms.page_number(request.args, "history")
    view = reviewing.view(request_session(), reference, by=acting(), at=clock.now(), history_page=page)
    reports = tuple(opening.opened(report, by_holder=view.is_mine) for report in view.reports)
    told: dict[str, Any] = {"reports": reports, "near": opening.near(view, reports) if view.sealed is None else (), "revealed": revealed}
    told["was_sealed_before"] = opening.was_sealed_before(view)
    response = make_response(render_template("desk/case.html", **case_values.values(view, attempt), **told, history_page=page))
    response.status_code = status
    return response


def remember_law(provision: str, territories: Iterable[str]) -> None:
    """Offer the same law at the next case: most of a desk's cases fall under one."""
    session[case_values.LAW_LAST_NAMED] = [provision, " ".join(territories)]
