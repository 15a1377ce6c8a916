"""Nouns: areas, offices, accounts, appointments and sessions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from portal.ground.db import Base
from portal.ground.text import fold
from portal.ground.words import N_, Labelled


class Role(Labelled):
    """In what capacity a person acts."""

    CITIZEN = "citizen", N_("Công dân")
    CARRIER = "carrier", N_("Bưu tá")
    POST_CLERK = "post_clerk", N_("Giao dịch viên bưu điện")
    RECEPTIONIST = "receptionist", N_("Cán bộ tiếp nhận")
    SPECIALIST = "specialist", N_("Chuyên viên")
    LEADER = "leader", N_("Lãnh đạo")
    RECORDS_CLERK = "records_clerk", N_("Văn thư")
    SUPERVISOR = "supervisor", N_("Giám sát cấp tỉnh")
    ADMIN = "admin", N_("Quản trị")


DESK_ROLES = (Role.RECEPTIONIST, Role.SPECIALIST, Role.LEADER, Role.RECORDS_CLERK)
"""Who works on dossiers at a ward, a district or a department."""


class OfficeKind(Labelled):
    """What an office is."""

    PROVINCE = "province", N_("Tỉnh")
    DEPARTMENT = "department", N_("Sở, ngành")
    DISTRICT = "district", N_("Huyện, thành phố")
    WARD = "ward", N_("Phường, xã")
    POST = "post", N_("Bưu cục")


class AreaKind(Labelled):
    """The tier of an administrative area."""

    PROVINCE = "province", N_("Tỉnh")
    DISTRICT = "district", N_("Huyện, thành phố")
    WARD = "ward", N_("Phường, xã")


class IdentityKind(Labelled):
    """The two kinds of number a person declares (national codes of LoaiDinhDanh, DOMAIN 5.2)."""

    CITIZEN_NUMBER = "citizen_number", N_("Số định danh, căn cước 12 số"), 1
    OLD_CARD = "old_card", N_("Số CMND 9 số"), 2


class IdentityLevel(Labelled):
    """How sure we are that the number belongs to the person."""

    SELF_DECLARED = "self_declared", N_("Tự khai, chưa đối chiếu")
    SEEN = "seen", N_("Đã đối chiếu tại quầy")
    E_ID = "e_id", N_("Định danh điện tử")


def _searchable(words: Mapping[str, str | None]) -> str:
    return fold(" ".join(word for word in words.values() if word))


class Area(Base):
    """An administrative area under its official code, which means nothing without its period."""

    __tablename__ = "area"

    code: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    kind: Mapped[AreaKind]
    name: Mapped[str]
    parent_code: Mapped[str | None] = mapped_column(sa.ForeignKey("area.code"), index=True)
    from_on: Mapped[date]
    to_on: Mapped[date | None]


class Office(Base):
    """A desk that answers: ward, district, department or post. The area is a code, the desk an office."""

    __tablename__ = "office"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(35), unique=True)
    kind: Mapped[OfficeKind]
    name: Mapped[str]
    area_code: Mapped[str | None] = mapped_column(sa.ForeignKey("area.code"), index=True)
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("office.id"), index=True)
    address: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    successor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("office.id"), index=True)
    searched: Mapped[str] = mapped_column(sa.Text, default="")
    """Name and code folded for searching, kept with every change of either."""

    @validates("name", "code")
    def _keep_searchable(self, key: str, value: str) -> str:
        self.searched = _searchable({"name": self.name, "code": self.code, key: value})
        return value

    def is_open_on(self, day: date) -> bool:
        """Whether the office works on *day*."""
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)


class PostArea(Base):
    """A ward whose homes a post office serves."""

    __tablename__ = "post_area"

    office_id: Mapped[int] = mapped_column(sa.ForeignKey("office.id"), primary_key=True)
    area_code: Mapped[str] = mapped_column(sa.ForeignKey("area.code"), primary_key=True, index=True)


class Account(Base):
    """A person who can sign in. The identity number is sealed; equality goes through its blind index.

    A self-declared number reserves nothing: only a number seen at a desk or proven by e-ID is unique.
    """

    __tablename__ = "account"
    __table_args__ = (
        sa.Index(
            "uq_account_proven_identity",
            "identity_index",
            unique=True,
            sqlite_where=sa.text("identity_level IN ('seen', 'e_id') AND closed_at IS NULL"),
            postgresql_where=sa.text("identity_level IN ('seen', 'e_id') AND closed_at IS NULL"),
        ),
        sa.CheckConstraint(
            "(identity_sealed IS NULL) = (identity_index IS NULL)"
            " AND (identity_sealed IS NULL) = (identity_kind IS NULL)",
            name="identity_whole",
        ),
        sa.CheckConstraint("phone IS NOT NULL OR sign_in_name IS NOT NULL", name="can_sign_in"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(sa.String(36), unique=True, default=lambda: str(uuid4()))
    full_name: Mapped[str] = mapped_column(sa.String(200))
    sign_in_name: Mapped[str | None] = mapped_column(sa.String(60), unique=True)
    phone: Mapped[str | None] = mapped_column(sa.String(15), index=True)
    email: Mapped[str | None] = mapped_column(sa.String(200))
    password_hash: Mapped[str] = mapped_column(sa.String(200))
    must_change_password: Mapped[bool] = mapped_column(default=False)
    one_time_until: Mapped[datetime | None]
    """Until when a password that somebody else set is good, by the wall clock."""
    identity_kind: Mapped[IdentityKind | None]
    identity_sealed: Mapped[str | None] = mapped_column(sa.String(200))
    identity_index: Mapped[str | None] = mapped_column(sa.String(64), index=True)
    identity_level: Mapped[IdentityLevel] = mapped_column(default=IdentityLevel.SELF_DECLARED)
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    searched: Mapped[str] = mapped_column(sa.Text, default="")
    """Full name and sign-in name folded for searching, kept with every change of either."""

    appointments: Mapped[list["Appointment"]] = relationship(back_populates="account")

    @validates("full_name", "sign_in_name")
    def _keep_searchable(self, key: str, value: str | None) -> str | None:
        names = {"full_name": self.full_name, "sign_in_name": self.sign_in_name}
        self.searched = _searchable(names | {key: value})
        return value

    @property
    def is_staff(self) -> bool:
        """Whether the account is one of those that appointments are given to."""
        return self.sign_in_name is not None

    @property
    def bound_to(self) -> str:
        """What the sealed identity number of this row is bound to."""
        return f"account:{self.uid}"


class Appointment(Base):
    """A role at an office from a day to a day, both inclusive; open-ended when *to_on* is None."""

    __tablename__ = "appointment"
    __table_args__ = (
        sa.CheckConstraint("role <> 'citizen'", name="never_citizen"),
        sa.CheckConstraint("to_on IS NULL OR to_on >= from_on", name="ends_after_it_begins"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    office_id: Mapped[int] = mapped_column(sa.ForeignKey("office.id"), index=True)
    role: Mapped[Role]
    from_on: Mapped[date]
    to_on: Mapped[date | None]

    account: Mapped[Account] = relationship(back_populates="appointments")
    office: Mapped[Office] = relationship()

    def holds_on(self, day: date) -> bool:
        """Whether the appointment is in force on *day*."""
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)


class AccountSession(Base):
    """One signed-in browser. The cookie holds the token, the row only its hash."""

    __tablename__ = "account_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    appointment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("appointment.id"), index=True)
    browser: Mapped[str] = mapped_column(sa.String(200), default="")
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    """When the person last showed the password, and a second factor where the account has one."""
    factor_at: Mapped[datetime | None]
    """When a second factor was last shown in this session."""

    account: Mapped[Account] = relationship()
    appointment: Mapped[Appointment | None] = relationship()


@dataclass(frozen=True)
class Actor:
    """Who acts now, and in what capacity: a plain value, safe to keep after the session is closed."""

    account_id: int
    name: str
    role: Role = Role.CITIZEN
    appointment_id: int | None = None
    office_id: int | None = None
    office_name: str = ""
    identity_index: str | None = None

    @property
    def is_staff(self) -> bool:
        """Whether the person acts under an appointment."""
        return self.appointment_id is not None
