"""Keys by which consumers take the list as a zone. Their secrets lie apart, with the other sealed keys."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from moderation import policy
from moderation.models.base import Base, Key, one_of, to
from moderation.models.keys import Wrapped
from moderation.vocabulary import TransferAlgorithm


class ConsumerTransferKey(Base):
    """A consumer's key for zone transfer. A name is never given twice, so a revoked one can't come back."""

    __tablename__ = "consumer_transfer_key"
    __table_args__ = (
        # What stands in a name server's configuration: nothing in it may be read as more than a name.
        CheckConstraint("name ~ '^[a-z0-9-]{1,63}$'", name="name_is_a_label"),
        CheckConstraint(one_of("algorithm", tuple(TransferAlgorithm)), name="algorithm_known"),
        CheckConstraint(f"cardinality(notify) <= {policy.TRANSFER_NOTIFY_MOST}", name="few_are_notified"),
        CheckConstraint("array_to_string(notify, ' ') ~ '^[0-9a-f.:@ ]*$'", name="notify_are_addresses"),
        CheckConstraint("revoked_at >= created_at", name="times_in_order"),
        Index("ix_consumer_transfer_key_living", "consumer_id", postgresql_where=text("revoked_at IS NULL")),
    )

    id: Mapped[Key]
    consumer_id: Mapped[int] = to("consumer")
    name: Mapped[str] = mapped_column(unique=True)
    algorithm: Mapped[str]
    notify: Mapped[list[str]] = mapped_column(server_default="{}")
    """Whom the primary tells of a new serial, each as `address@port`."""
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class TransferSecret(Wrapped, Base):
    """A transfer key's secret, wrapped: the name server needs it as it is, so a digest would not do. Shredded when the key is revoked."""

    __tablename__ = "transfer_secret"

    transfer_key_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
