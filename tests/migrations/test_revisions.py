"""The chain of migrations: one head, numbered in order, each with its way back, and each good SQL."""

import inspect
import io
import subprocess
import sys
from pathlib import Path

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from app import schema
from tests.migrations.revisions import CHAIN, each_revision

SQUAWK = Path(sys.executable).with_name("squawk")
LIBRARYS_OWN = {"0008"}
"""The queue's tables, whose SQL its library brings."""

NOT_ASKED = {
    "require-lock-timeout": "All migrations run in one transaction behind an advisory lock, before the server and the worker start.",
    "require-statement-timeout": "For the same reason: nobody waits for them but whoever starts the instance.",
    "require-concurrent-index-creation": "An index made concurrently cannot be part of that transaction; half a migration is worse.",
    "constraint-missing-not-valid": "For the same reason; and a new column holds nothing to look through.",
    "adding-foreign-key-constraint": "For the same reason.",
    "require-concurrent-index-deletion": "For the same reason.",
    "adding-field-with-default": "For the same reason; a generated column is worth one rewrite.",
    "prefer-bigint-over-smallint": "Seats, rounds and points are small by rule; every key is a bigint.",
}


def test_there_is_one_head():
    assert len(ScriptDirectory.from_config(schema.configuration()).get_heads()) == 1


def test_revisions_are_numbered_in_order_without_a_gap():
    assert [revision.revision for revision in CHAIN] == [f"{number:04}" for number in range(1, len(CHAIN) + 1)]
    assert [revision.down_revision for revision in CHAIN] == [None, *(revision.revision for revision in CHAIN[:-1])]


@each_revision
def test_a_revisions_file_begins_with_its_number_and_says_what_it_does(revision):
    assert Path(revision.path).name.startswith(f"{revision.revision}_")
    assert revision.doc.endswith(".")


@each_revision
def test_a_revision_has_its_way_back(revision):
    assert "op." in inspect.getsource(revision.module.downgrade)


@each_revision
def test_a_revision_is_sql_that_a_linter_would_let_through(revision, tmp_path):
    if revision.revision in LIBRARYS_OWN:
        return
    written = io.StringIO()
    context = MigrationContext.configure(dialect_name="postgresql", opts={"as_sql": True, "output_buffer": written})
    with Operations.context(context):
        revision.module.upgrade()
    file = tmp_path / f"{revision.revision}.sql"
    file.write_text(written.getvalue())
    rules = ["--assume-in-transaction", "--pg-version", "15", "--exclude", ",".join(NOT_ASKED)]
    linted = subprocess.run([SQUAWK, *rules, file], capture_output=True, text=True, check=False)
    assert linted.returncode == 0, linted.stdout + linted.stderr
