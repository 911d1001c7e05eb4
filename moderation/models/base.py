"""The declarative base and the column types that every cluster shares. No tables here."""

from datetime import datetime
from typing import Annotated, Any, ClassVar, cast
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, ForeignKey, Identity, LargeBinary, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of every table. Internal keys are bigint and never leave the house."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        str: Text(),
        bytes: LargeBinary(),
        int: BigInteger(),
        UUID: Uuid(),
        dict[str, Any]: JSONB(),
        list[Any]: JSONB(),
        list[str]: ARRAY(Text()),
        list[int]: ARRAY(BigInteger()),
    }

    @classmethod
    def table(cls) -> Table:
        """The bare table, for statements that each report or act runs: mapping their rows cost more than sending them."""
        return cast(Table, cls.__table__)


Key = Annotated[int, mapped_column(BigInteger, Identity(always=True), primary_key=True)]
"""An internal key: bigint, made by the database, never shown to anyone."""

Reference = Annotated[UUID, mapped_column(Uuid, unique=True)]
"""An identifier that may leave the house: a random UUIDv4, passed in."""


def to(table: str, *, index: bool = True, cascade: bool = False) -> Any:  # noqa: ANN401 - a mapped_column stands for any column type
    """A foreign key to `table.id`; indexed unless another index already begins with it."""
    return mapped_column(ForeignKey(f"{table}.id", ondelete="CASCADE" if cascade else None), index=index)


def one_of(column: str, values: tuple[str, ...]) -> str:
    """CHECK text: the column holds one of the values. Only for words of the rules, never for plug-in identifiers."""
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"
