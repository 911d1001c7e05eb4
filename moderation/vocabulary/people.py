"""Who acts."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What a person may do; each role stands alone, none contains another."""

    VOLUNTEER = "volunteer"
    MODERATOR = "moderator"
    SENIOR = "senior"
    AUDITOR = "auditor"
    ADMIN = "admin"


class TakeoverReason(StrEnum):
    """Why a senior takes a case from who holds it. A choice and no words: the record is kept for years, and nobody's health is in it."""

    AWAY = "away"
    ASKED = "asked"
    URGENT = "urgent"


REVIEWING_ROLES = frozenset({Role.MODERATOR, Role.SENIOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts: a person with a role, a consumer's engineer, or the system (neither person nor consumer)."""

    person_id: int | None
    role: Role | None
    name: str
    shortcuts: bool = True
    """Whether they want single keys to do something."""
    language: str = ""
    """Tag of the language that they chose; empty where they chose none."""
    consumer: UUID | None = None
    """For whose pages somebody acts who does not work here."""

    @property
    def label(self) -> str:
        """Role pseudonym for the audit record: never a name or address."""
        if self.consumer is not None:
            return f"consumer:{self.consumer}"
        return "system" if self.person_id is None else f"{self.role}:{self.person_id}"


SYSTEM = Actor(person_id=None, role=None, name="system")
PUBLIC = Actor(person_id=None, role=None, name="public")
