"""How moments, days and money are written for people, in both languages; the Jinja filters."""

import re
from datetime import date, datetime
from decimal import Decimal

from flask import Flask

from portal.ground.words import Labelled
from portal.ground.working_time import ZONE
from portal.web.i18n import _, say

_BEFORE_CURRENCY = re.compile(r"(?<=\d) (?=(?:₫|đồng|VNĐ)(?!\w))")
_LEVEL_TONES = {1: "", 2: "nghe", 3: "cham", 4: "ngoc"}


def clock(at: datetime) -> str:
    """14:05"""
    return f"{at.astimezone(ZONE):%H:%M}"


def day(on: date | datetime) -> str:
    """17/09/2020"""
    return f"{_local(on):%d/%m/%Y}"


def weekday(on: date | datetime) -> str:
    """thứ Năm"""
    names = (_("thứ Hai"), _("thứ Ba"), _("thứ Tư"), _("thứ Năm"), _("thứ Sáu"), _("thứ Bảy"), _("Chủ nhật"))
    return names[_local(on).weekday()]


def moment(at: datetime) -> str:
    """17:00 thứ Năm, 17/09/2020"""
    return _("%(clock)s %(weekday)s, %(day)s", clock=clock(at), weekday=weekday(at), day=day(at))


def iso(at: date | datetime) -> str:
    """The machine's form for <time datetime>, in local time."""
    return at.astimezone(ZONE).isoformat(timespec="minutes") if isinstance(at, datetime) else at.isoformat()


def number(value: int) -> str:
    """1.961"""
    return f"{value:,}".replace(",", ".")


def amount(value: Decimal) -> str:
    """16 or 2,5: a number of hours or days without needless zeros."""
    return f"{value.normalize():f}".replace(".", ",")


def money(amount_dong: int) -> str:
    """26.000 ₫, never on two lines"""
    return unbroken(f"{number(amount_dong)} ₫")


def unbroken(text: str) -> str:
    """*text* with every amount on one line with its currency."""
    return _BEFORE_CURRENCY.sub("\N{NO-BREAK SPACE}", text)


def size(amount_bytes: int) -> str:
    """1,2 MB"""
    if amount_bytes < 1_000_000:
        return f"{max(1, round(amount_bytes / 1000))} KB"
    return f"{amount_bytes / 1_000_000:.1f} MB".replace(".", ",")


def label(word: Labelled) -> str:
    """The label of a word, translated."""
    return say(word.label)


def working_time(days: int, minutes: int) -> str:
    """4 ngày 1,5 giờ làm việc, or 3 giờ 20 phút làm việc: with whole days, hours are told to the half."""
    hours, left = divmod(minutes, 60)
    if days:
        halves = amount(Decimal(minutes // 30) / 2)
        return _("%(days)s ngày %(hours)s giờ làm việc", days=days, hours=halves)
    return _("%(hours)s giờ %(left)s phút làm việc", hours=hours, left=left)


def level_tone(level: int) -> str:
    """The colour word of an online level's tag."""
    return _LEVEL_TONES.get(int(level), "")


def _local(on: date | datetime) -> date:
    return on.astimezone(ZONE).date() if isinstance(on, datetime) else on


def install(app: Flask) -> None:
    """Make the formats known to the templates."""
    shown = (clock, day, weekday, moment, iso, number, amount, money, size, label, level_tone)
    for function in shown:
        app.jinja_env.filters[function.__name__] = function
    app.jinja_env.filters["say"] = say
