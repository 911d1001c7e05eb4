"""Every migration, the oldest first."""

import pytest
from alembic.script import ScriptDirectory

from app import schema

CHAIN = tuple(reversed(list(ScriptDirectory.from_config(schema.configuration()).walk_revisions())))


each_revision = pytest.mark.parametrize("revision", CHAIN, ids=lambda revision: revision.revision)
