"""What the post costs: a dated table, and who pays nothing. The only authority for postage."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.postal.models import PostageRate
from portal.postal.states import Exemption, Purpose

LIGHT_GRAMS = 100
"""A sheaf of papers in an envelope; heavier ones wait for a published table (DOMAIN 6.2)."""

FREE = (Purpose.PAPERS_BACK,)
"""Included in the price of the way there: the return of papers that are withdrawn (DOMAIN 6.2)."""


@dataclass(frozen=True)
class Rate:
    """A published price: one way within the province, up to a weight, from a day on."""

    up_to_grams: int
    price_dong: int
    from_on: date
    source: str


PUBLISHED = (Rate(100, 26_000, date(2017, 11, 15), "TT 22/2017/TT-BTTTT; mức trong tỉnh bưu điện niêm yết"),)
"""The highest prices of the demonstration's province, the lower end of the published zone."""


def plant_rates(session: Session) -> None:
    """Write the published prices; what is there already stays as it is."""
    for rate in PUBLISHED:
        same = (PostageRate.up_to_grams == rate.up_to_grams, PostageRate.from_on == rate.from_on)
        if session.scalar(select(PostageRate.id).where(*same)) is None:
            session.add(
                PostageRate(
                    up_to_grams=rate.up_to_grams,
                    price_dong=rate.price_dong,
                    from_on=rate.from_on,
                    source=rate.source,
                )
            )


def postage(session: Session, on: date, grams: int = LIGHT_GRAMS) -> int | None:
    """The price of one way on *on* for *grams*, in đồng; None when the table has none."""
    in_force = sa.or_(PostageRate.to_on.is_(None), PostageRate.to_on >= on)
    fitting = select(PostageRate.price_dong).where(
        PostageRate.from_on <= on, in_force, PostageRate.up_to_grams >= grams
    )
    lightest_newest = fitting.order_by(PostageRate.up_to_grams, PostageRate.from_on.desc())
    return session.scalars(lightest_newest.limit(1)).first()


def price_of(session: Session, purpose: Purpose, exemption: Exemption | None, on: date) -> int | None:
    """What an order of *purpose* costs on *on*: nothing for the exempt and for papers going back."""
    return 0 if exemption or purpose in FREE else postage(session, on)
