"""Turns the `Due` values of a transaction into jobs on that transaction's own connection. Runs no job; knows no rule."""

from procrastinate import App, PsycopgConnector
from sqlalchemy.orm import Session

from moderation.due import ASKED
from moderation.vocabulary import Due

QUEUE = App(connector=PsycopgConnector())
"""Never opened here: jobs are written through the session's connection, so that they share its fate."""

ELSEWHERE = "elsewhere"
OWN_QUEUES = {"deliver": ELSEWHERE}
"""Kinds of jobs that wait for machines of others, and so have workers of their own: a release never stands behind them."""


def defer(session: Session) -> None:
    """Write one job for each different `Due` that was asked for, and forget them."""
    pending: list[Due] = session.info.pop(ASKED, [])
    if not pending:
        return
    connection = session.connection().connection.driver_connection
    for due in dict.fromkeys(pending):
        # No queueing_lock: a conflict would abort the transaction and lose the decision that asked for the job.
        name, queue = task_name(due.kind), OWN_QUEUES.get(due.kind, "default")
        QUEUE.configure_task(name, allow_unknown=True, connection=connection, queue=queue, schedule_at=due.at).defer(ref=due.ref)


def task_name(kind: str) -> str:
    """The queue's name for a kind of job."""
    return f"flagstone.{kind}"
