"""What the database is asked meanwhile. Asserts nothing."""

from contextlib import contextmanager

from sqlalchemy import event


@contextmanager
def statements(engine):
    """Note what the database is asked."""
    asked = []

    def note(_connection, _cursor, statement, _parameters, _context, _many):
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)
