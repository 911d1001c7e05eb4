"""Turns the `Due` values of a transaction into jobs on that transaction's own connection. Runs no job; knows no rule."""

from procrastinate import App, PsycopgConnector
from sqlalchemy.orm import Session

from moderation.vocabulary import Due

QUEUE = App(connector=PsycopgConnector())
"""Never opened here: jobs are written through the session's connection, so that they share its fate."""


def defer(session: Session) -> None:
    """Write one job for each different `Due` in `session.info["due"]`, and forget them."""
    pending: list[Due] = session.info.pop("due", [])
    if not pending:
        return
    connection = session.connection().connection.driver_connection
    for due in dict.fromkeys(pending):
        # No queueing_lock: a conflict would abort the transaction and lose the decision that asked for the job.
        QUEUE.configure_task(task_name(due.kind), allow_unknown=True, connection=connection).defer(ref=due.ref)


def task_name(kind: str) -> str:
    """The queue's name for a kind of job."""
    return f"flagstone.{kind}"
