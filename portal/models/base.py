"""The declarative base, the naming of constraints, and the column types shared by all tables."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, DateTime, Identity, LargeBinary, MetaData, Sequence
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry
from sqlalchemy.types import TypeDecorator

from portal import crypto

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """All tables. Times are timestamptz, read back in UTC."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={datetime: DateTime(timezone=True), int: BigInteger},
    )


db = SQLAlchemy(model_class=Base)

#: Order of recording across registrations, records, visits and deals: decides between events of one second (RE-F1).
event_order = Sequence("event_order", metadata=Base.metadata)


class Sealed(TypeDecorator[str]):
    """Text that is encrypted in the database, bound to its table and column."""

    impl = LargeBinary
    cache_ok = True

    def __init__(self, column: str) -> None:
        super().__init__()
        self.column = column

    def process_bind_param(self, value: str | None, dialect: Any) -> bytes | None:
        return None if value is None else crypto.seal(value, column=self.column)

    def process_result_value(self, value: bytes | None, dialect: Any) -> str | None:
        return None if value is None else crypto.unseal(bytes(value), column=self.column)


class SealedBytes(Sealed):
    """Bytes that are encrypted in the database: the content of files."""

    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> bytes | None:
        return None if value is None else crypto.seal_bytes(value, column=self.column)

    def process_result_value(self, value: bytes | None, dialect: Any) -> Any:
        return None if value is None else crypto.unseal_bytes(bytes(value), column=self.column)


class Numbered:
    """A table with an id that the database counts."""

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=False), primary_key=True)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.id}>"


class Ordered(Numbered):
    """A numbered table whose rows take part in the order of recording (RE-F1)."""

    seq: Mapped[int] = mapped_column(
        BigInteger, event_order, server_default=event_order.next_value(), unique=True, nullable=False
    )
