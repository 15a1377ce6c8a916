"""Nouns: procedures with dated versions, cases and papers; level decisions; the post's list; forms."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.ground.db import Base
from portal.ground.words import N_, Labelled
from portal.ground.working_time import Term, Unit


class Channel(Labelled):
    """How a dossier comes in (KenhThucHien, DOMAIN 5.2)."""

    DESK = "desk", N_("Mang đến quầy"), 1
    ONLINE = "online", N_("Nộp trên mạng"), 2
    POST = "post", N_("Gửi qua bưu điện"), 3


class Tier(Labelled):
    """Who handles a procedure, as the national catalogue says."""

    MINISTRY = "ministry", N_("Bộ, ngành")
    PROVINCE = "province", N_("Cấp tỉnh")
    DISTRICT = "district", N_("Cấp huyện")
    COMMUNE = "commune", N_("Cấp xã")
    OTHER = "other", N_("Cơ quan khác")


class VersionState(Labelled):
    """The life of a version."""

    DRAFT = "draft", N_("Bản soạn")
    PUBLISHED = "published", N_("Đang công bố")
    WITHDRAWN = "withdrawn", N_("Đã bãi bỏ")


class Competence(Labelled):
    """What decides which office is competent: the answer a filing must give."""

    RESIDENCE = "residence", N_("nơi cư trú")
    EVENT = "event", N_("nơi xảy ra sự việc")
    BUSINESS = "business", N_("nơi đặt cơ sở kinh doanh")
    ANY = "any", N_("nơi bạn chọn")


class Procedure(Base):
    """An administrative procedure under its national base code; what it says stands in its versions."""

    __tablename__ = "procedure"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(20), unique=True)

    versions: Mapped[list["ProcedureVersion"]] = relationship(back_populates="procedure")


class ProcedureVersion(Base):
    """What a procedure says from a day to a day. A dossier keeps the version it was filed under (R1).

    record: the imported text as it came, the canonical record of the catalogue; reference, never a checklist.
    warnings: values of portal.catalogue.defects.Defect.
    """

    __tablename__ = "procedure_version"
    __table_args__ = (sa.UniqueConstraint("procedure_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    procedure_id: Mapped[int] = mapped_column(sa.ForeignKey("procedure.id"), index=True)
    number: Mapped[int]
    state: Mapped[VersionState] = mapped_column(index=True)
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    name: Mapped[str] = mapped_column(sa.Text)
    field: Mapped[str] = mapped_column(sa.String(200), index=True)
    lead: Mapped[str] = mapped_column(sa.Text, default="")
    applicants: Mapped[str] = mapped_column(sa.Text, default="")
    folded: Mapped[str] = mapped_column(sa.Text)
    """Name, bar, code, field and other names, folded: what a search looks through."""
    competence: Mapped[Competence | None]
    competent_tier: Mapped[Tier | None] = mapped_column(
        sa.Enum(Tier, native_enum=False, create_constraint=True, length=40, name="competent_tier",
                values_callable=lambda tiers: [tier.value for tier in tiers])
    )  # fmt: skip
    decision: Mapped[str] = mapped_column(sa.Text, default="")
    by_post: Mapped[bool] = mapped_column(default=False)
    """Whether its published channels include the post, the default of the province's BCCI list."""
    record: Mapped[dict[str, Any]]
    record_hash: Mapped[str] = mapped_column(sa.String(64))
    warnings: Mapped[list[str]]
    source: Mapped[str] = mapped_column(sa.Text, default="")
    curated: Mapped[dict[str, Any] | None]
    """Gets, notes, conditions and their sources as an administrator wrote them; None when only imported."""

    @property
    def agency(self) -> str:
        """The name of the only agency of its tier that decides, such as Sở Tư pháp; "" when any may."""
        return str((self.curated or {}).get("competence", {}).get("agency", ""))

    procedure: Mapped[Procedure] = relationship(back_populates="versions")
    tiers: Mapped[list["VersionTier"]] = relationship(cascade="all, delete-orphan")
    terms: Mapped[list["ChannelTerm"]] = relationship(cascade="all, delete-orphan", order_by="ChannelTerm.id")
    cases: Mapped[list["Case"]] = relationship(cascade="all, delete-orphan", order_by="Case.position")


class VersionTier(Base):
    """One tier that handles a version, as a row so that facets can count it."""

    __tablename__ = "version_tier"

    version_id: Mapped[int] = mapped_column(sa.ForeignKey("procedure_version.id"), primary_key=True)
    tier: Mapped[Tier] = mapped_column(primary_key=True)


class ChannelTerm(Base):
    """Processing time and published fee of one channel; the amount is None when the source gives none.

    amount: in *unit*; unit None when the source names no unit, which is never guessed.
    case_key: "" for every case, else the only case it holds for.
    """

    __tablename__ = "channel_term"
    __table_args__ = (sa.CheckConstraint("amount IS NULL OR amount > 0", name="amount_positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("procedure_version.id"), index=True)
    channel: Mapped[Channel]
    case_key: Mapped[str] = mapped_column(sa.String(40), default="")
    amount: Mapped[Decimal | None] = mapped_column(sa.Numeric(8, 2))
    unit: Mapped[Unit | None]
    fee_text: Mapped[str] = mapped_column(sa.Text, default="")
    note: Mapped[str] = mapped_column(sa.Text, default="")

    @property
    def term(self) -> Term | None:
        """The term as the clock reads it; None when it is not usable."""
        if self.unit is None or self.amount is None:
            return None
        try:
            return Term(self.amount, self.unit)
        except ValueError:  # Half a calendar day, say: imported as published, but no clock can count it.
            return None


class Case(Base):
    """A situation of the applicant, with the curated papers it needs."""

    __tablename__ = "case"
    __table_args__ = (sa.UniqueConstraint("version_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(sa.ForeignKey("procedure_version.id"), index=True)
    position: Mapped[int]
    key: Mapped[str] = mapped_column(sa.String(40))
    name: Mapped[str] = mapped_column(sa.Text)
    hint: Mapped[str] = mapped_column(sa.Text, default="")

    papers: Mapped[list["RequiredPaper"]] = relationship(
        cascade="all, delete-orphan", order_by="RequiredPaper.position"
    )


class RequiredPaper(Base):
    """One line of the published list: a paper with its counts of sheets to hand in.

    is_form: filled on the portal, never uploaded. only_if: the words of the condition under which it applies;
    empty when it always does. to_show: looked at, not handed in. register: the code of the national database
    that can answer in its place about the dossier's owner (catalogue.registers); "" when none can.
    """

    __tablename__ = "required_paper"
    __table_args__ = (
        sa.UniqueConstraint("case_id", "key"),
        sa.CheckConstraint(
            "originals >= 0 AND copies >= 0 AND certified_copies >= 0", name="counts_positive"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("case.id"), index=True)
    position: Mapped[int]
    key: Mapped[str] = mapped_column(sa.String(40))
    name: Mapped[str] = mapped_column(sa.Text)
    note: Mapped[str] = mapped_column(sa.Text, default="")
    originals: Mapped[int] = mapped_column(default=0)
    copies: Mapped[int] = mapped_column(default=0)
    certified_copies: Mapped[int] = mapped_column(default=0)
    is_form: Mapped[bool] = mapped_column(default=False)
    only_if: Mapped[str] = mapped_column(sa.Text, default="")
    to_show: Mapped[bool] = mapped_column(default=False)
    register: Mapped[str] = mapped_column(sa.String(20), default="")


class LevelDecision(Base):
    """A province's decision on the online level of a procedure, from a day on.

    The code has no foreign key: a level may be decided before the procedure is imported.
    """

    __tablename__ = "level_decision"
    __table_args__ = (
        sa.UniqueConstraint("code", "effective_from"),
        sa.CheckConstraint("level BETWEEN 1 AND 4", name="four_levels"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(20))
    level: Mapped[int]
    decision: Mapped[str] = mapped_column(sa.Text)
    effective_from: Mapped[date]
    note: Mapped[str] = mapped_column(sa.Text, default="")


class PostListing(Base):
    """The province's dated BCCI list where it departs from the published channels (QĐ 45/2016 art. 5, R4)."""

    __tablename__ = "post_listing"

    code: Mapped[str] = mapped_column(sa.String(20), primary_key=True)
    from_on: Mapped[date] = mapped_column(primary_key=True)
    to_on: Mapped[date | None]
    is_listed: Mapped[bool]
    source: Mapped[str] = mapped_column(sa.Text, default="")


class FormDefinition(Base):
    """A published form as data: pages, questions, conditions, rules. *code* is "" for the generic form."""

    __tablename__ = "form_definition"
    __table_args__ = (sa.UniqueConstraint("code", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(20))
    number: Mapped[int]
    published_at: Mapped[datetime]
    content: Mapped[dict[str, Any]]
