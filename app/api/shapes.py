"""What the API is asked and answers beside a report itself, as types: the document is made of them, and tests hold answers to them."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.api.words import EVERY_OUTCOME, STAGES
from app.report_shape import STRICT, GivenReport
from moderation import policy
from moderation.vocabulary import N_

ANSWER = ConfigDict(extra="forbid", use_enum_values=True)

Stage = Literal.__getitem__(tuple(STAGES))
Outcome = Literal.__getitem__(tuple(EVERY_OUTCOME))
Receipt = Annotated[str, Field(description=N_("The code that follows this report. Keep it: it cannot be recovered."))]


class Batch(BaseModel):
    """Many reports of a partner. Each is looked at by itself: one that is wrong keeps no other from being stored."""

    model_config = STRICT

    reports: Annotated[list[GivenReport], Field(min_length=1, max_length=policy.BATCH_REPORTS)]


class StatusQuestion(BaseModel):
    """Which report is asked about."""

    model_config = STRICT

    receipt: Annotated[str, Field(min_length=1, max_length=200, description=N_("The code; dashes and case do not matter."))]


class Recognised(BaseModel):
    """A thing that the report names, as it was understood."""

    model_config = ANSWER

    kind: Annotated[str, Field(description=N_("Such as web_page, domain, onion_service or free_text."))]
    canonical: Annotated[str | None, Field(description=N_("How it is written here; null for a free text."))]


class Stored(BaseModel):
    """A report was stored."""

    model_config = ANSWER

    receipt: Receipt
    resources: list[Recognised]


class Error(BaseModel):
    """One thing that is wrong."""

    model_config = ANSWER

    pointer: Annotated[str, Field(description=N_("Where in the body: a JSON pointer (RFC 6901)."))]
    detail: str


class StoredItem(Stored):
    """One report of a batch that was stored."""

    index: Annotated[int, Field(ge=0, description=N_("Its place in the batch, from 0."))]
    status: Literal[201]


class RefusedItem(BaseModel):
    """One report of a batch that was not stored; pointers begin at the report."""

    model_config = ANSWER

    index: Annotated[int, Field(ge=0, description=N_("Its place in the batch, from 0."))]
    status: Literal[422]
    errors: list[Error]


class BatchAnswer(BaseModel):
    """What became of each report of a batch, in their order."""

    model_config = ANSWER

    stored: Annotated[int, Field(ge=0)]
    refused: Annotated[int, Field(ge=0)]
    results: list[StoredItem | RefusedItem]


class Progress(Recognised):
    """How far one of them is."""

    stage: Stage  # type: ignore[valid-type]
    outcome: Annotated[Outcome | None, Field(description=N_("null until it is decided."))]  # type: ignore[valid-type]


class StatusAnswer(BaseModel):
    """What became of a report."""

    model_config = ANSWER

    received_at: Annotated[str, Field(json_schema_extra={"format": "date-time"}, description=N_("Kept to the hour."))]
    resources: list[Progress]


class Limits(BaseModel):
    """How much fits."""

    model_config = ANSWER

    text_characters: int
    resources_per_report: int
    request_bytes: int
    batch_reports: int
    batch_bytes: int
    idempotency_key_hours: int


class About(BaseModel):
    """What may be sent here."""

    model_config = ANSWER

    operator: str
    takes_reports: bool
    categories: list[str]
    limits: Limits


class Problem(BaseModel):
    """Why a request was not done (RFC 9457)."""

    model_config = ANSWER

    type: str
    title: str
    status: int
    detail: Annotated[str, Field(description=N_("What to do about it, in the language of Accept-Language."))]
    errors: Annotated[list[Error], Field(description=N_("What is wrong, place by place."))] = []
