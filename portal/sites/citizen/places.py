"""Where the post comes to: the questions of a place, asked and judged like those of a form."""

from collections.abc import Mapping
from typing import Any

from portal.accounts.models import Account
from portal.accounts.offices import Ward
from portal.catalogue.answers import Checked, Known, check_page
from portal.catalogue.definitions import Kind, Option, Page, Question
from portal.ground.words import N_
from portal.postal.models import Place
from portal.postal.states import Direction

WINDOWS = ("08:00–10:00", "10:00–12:00", "14:00–16:00", "16:00–18:00")


def _place(name: str, window: str) -> Page:
    """The questions of a place; *name* asks whom the carrier meets, *window* when."""
    return Page(key="place", title=N_("Địa chỉ"), questions=_questions(name, window))


def _questions(name: str, window: str) -> tuple[Question, ...]:
    return (
        Question("name", Kind.TEXT, name, most=200, autocomplete="name"),
        Question("phone", Kind.PHONE, N_("Số điện thoại"), autocomplete="tel-national"),
        Question("area_code", Kind.AREA, N_("Phường, xã"), hint=N_("Những nơi bưu điện đang đến tận nhà")),
        Question(
            "line",
            Kind.TEXT,
            N_("Số nhà, đường, khu phố"),
            hint=N_("Ví dụ 12 Lê Hồng Phong, khu phố 3"),
            most=300,
            autocomplete="address-line1",
        ),
        Question(
            "window",
            Kind.CHOICE,
            window,
            options=tuple(Option(span, span) for span in WINDOWS),
        ),
        Question(
            "note",
            Kind.TEXT,
            N_("Dặn bưu tá"),
            hint=N_("Lối vào, gọi trước, người giao thay"),
            required=False,
            most=300,
        ),
    )


PLACES = {
    Direction.PICKUP: _place(N_("Người giao giấy tờ"), N_("Khung giờ bưu tá đến lấy")),
    Direction.RETURN: _place(N_("Người nhận"), N_("Khung giờ bưu tá đến phát")),
}
"""The questions of a place to collect from and of one to bring to; their names are those of Place."""


def check_place(direction: Direction, typed: Mapping[str, Any], known: Known, served: list[Ward]) -> Checked:
    """Judge a typed place: its ward must be one whose homes a post office serves."""
    areas = {ward.code: ward.name for ward in served}
    return check_page(PLACES[direction], typed, {}, Known(known.today, areas))


def place_of(values: Mapping[str, Any]) -> Place:
    """The place as the post takes it."""
    return Place(**{"window": "", "note": "", **values})


def usual_place(account: Account, answers: Mapping[str, Any], address: str) -> dict[str, str]:
    """What a place is filled with beforehand: the account, and the address answered in the form."""
    return {
        "name": account.full_name,
        "phone": account.phone or "",
        "area_code": answers.get(f"{address}_area", ""),
        "line": answers.get(f"{address}_line", ""),
    }
