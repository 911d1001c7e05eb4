"""A list that grows and shrinks past the desk, faster than any desk could. Asserts nothing."""

from sqlalchemy import select, text

from moderation.models import Listing
from moderation.vocabulary import Scope

TEST_NAME = "blocktest.list.example"


def delist(database, *names):
    """Take names off the list, whatever the desk would say."""
    end = text("UPDATE listing SET ended_at = now(), ended_because = 'delisted' WHERE target = ANY(:names)")
    with database.transaction() as session:
        session.execute(end, {"names": [*names]})


def list_many(database, names):
    """List names as many as no desk could in a day: copies of a listing that is there."""
    with database.transaction() as session:
        living = select(Listing).where(Listing.scope == Scope.HOST, Listing.ended_at.is_(None)).order_by(Listing.id)
        good = session.scalars(living.limit(1)).one()
        columns = [column.name for column in Listing.__table__.columns if column.name != "id"]
        given = {"reference": "gen_random_uuid()", "target": "name", "host": "name", "released_in": "NULL"}
        copied = ", ".join(given.get(column, f"good.{column}") for column in columns)
        rows = f"SELECT {copied} FROM listing AS good, unnest(CAST(:names AS text[])) AS name WHERE good.id = :id"
        session.execute(text(f"INSERT INTO listing ({', '.join(columns)}) {rows}"), {"names": list(names), "id": good.id})
