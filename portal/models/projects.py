"""Projects (项目): what is sold, where its sales office stands, when it is open, which policy rules it."""

from __future__ import annotations

from datetime import datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base, Numbered


class Project(Numbered, Base):
    """A project. Days, hours and opening times are judged in ``timezone``; coordinates are WGS 84 degrees."""

    __tablename__ = "projects"
    __table_args__ = (
        CheckConstraint("opens_at < closes_at", name="site_opens_before_it_closes"),
        CheckConstraint("latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180", name="site_is_on_earth"),
        CheckConstraint("code ~ '^[A-Z0-9]{2,6}$'", name="project_code_is_short"),
    )

    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(unique=True)
    group_name: Mapped[str] = mapped_column(default="", server_default="")
    timezone: Mapped[str] = mapped_column(default="Asia/Shanghai", server_default="Asia/Shanghai")
    city_code: Mapped[str]
    city_name: Mapped[str] = mapped_column(default="", server_default="")
    address: Mapped[str] = mapped_column(default="", server_default="")
    latitude: Mapped[Decimal] = mapped_column(Numeric(9, 6))
    longitude: Mapped[Decimal] = mapped_column(Numeric(9, 6))
    opens_at: Mapped[time] = mapped_column(default=time(9), server_default="09:00")
    closes_at: Mapped[time] = mapped_column(default=time(20, 30), server_default="20:30")
    bulk_criterion: Mapped[str] = mapped_column(default="", server_default="")
    is_open: Mapped[bool] = mapped_column(default=True, server_default="true")
    created_at: Mapped[datetime]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)
