"""The open pages: home, the list of procedures, one procedure."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for

from portal.accounts.models import Office
from portal.catalogue import queries, search
from portal.catalogue.defects import Defect
from portal.catalogue.levels import FROM_LEVEL, Ability, OnlineLevel, permits
from portal.catalogue.models import Case, ProcedureVersion
from portal.catalogue.offers import Offer, offered
from portal.dossiers.readiness import deciders
from portal.ground.errors import NotFound
from portal.ground.text import fold
from portal.ground.words import N_
from portal.postal import tariff
from portal.sites.public import blank_forms, filters, wording
from portal.web import context
from portal.web.guard import open_to_all
from portal.web.i18n import _l, say

bp = Blueprint("public", __name__)
open_to_all(bp)

LIFE_EVENTS = (
    ("baby", _l("Sinh con"), _l("Khai sinh, trích lục khai sinh, nhận cha, mẹ, con"), "khai sinh"),
    ("rings", _l("Kết hôn"), _l("Xác nhận tình trạng hôn nhân, đăng ký kết hôn"), "kết hôn"),
    ("candle", _l("Mất người thân"), _l("Khai tử, mai táng phí, xóa thường trú"), "khai tử"),
    ("stamp", _l("Cần bản sao có dấu"), _l("Chứng thực bản sao, chữ ký, trích lục hộ tịch"), "chứng thực"),
    ("shop", _l("Mở hộ kinh doanh"), _l("Đăng ký, thay đổi, tạm ngừng hộ kinh doanh"), "hộ kinh doanh"),
    ("house", _l("Nhà và đất"), _l("Giấy phép xây dựng nhà ở, chuyển quyền, tách thửa"), "xây dựng"),
)
"""Icon, event, what it takes, and the words that find it."""

EXAMPLES = ("làm khai sinh", "sao y bằng lái", "đăng ký kết hôn")
"""Questions as people ask them; Vietnamese in both languages, as the catalogue is."""

QUICK = (
    (_l("Sinh con"), "khai sinh"),
    (_l("Kết hôn"), "kết hôn"),
    (_l("Chứng thực giấy tờ"), "chứng thực"),
    (_l("Mở hộ kinh doanh"), "hộ kinh doanh"),
    (_l("Trợ giúp xã hội"), "trợ giúp"),
    (_l("Đất đai"), "đất"),
)
"""Things often asked for, and the words that find them."""

MOST_DESKS = 30
"""How many desks a page lists; more are reached by phone."""


@bp.get("/")
def home() -> str:
    """The question, the look-up, life events, the post, the levels, the figures."""
    full = search.Wanted(levels=frozenset({int(OnlineLevel.FULL)}))
    return render_template(
        "public/home.html",
        nav_current="",
        events=LIFE_EVENTS,
        examples=EXAMPLES,
        abilities=[(say(ability.label), int(level)) for ability, level in FROM_LEVEL.items()],
        postage=tariff.postage(context.session(), context.today()),
        full_total=search.count(context.session(), full, context.today()),
    )


@bp.get("/thu-tuc")
def catalogue() -> str:
    """The list, narrowed by words and filters that stand in the address."""
    asked, today = filters.asked(request.args), context.today()
    found = search.search(context.session(), asked.wanted, today, filters.page_of(request.args))
    if not found.total and asked.wanted.words:
        return _nothing_found(asked)
    return render_template(
        "public/catalogue.html",
        nav_current="public.catalogue",
        asked=asked,
        found=found,
        cards=[wording.card(hit, asked.wanted.words) for hit in found.hits],
        facets=filters.facets(found.counts, asked.wanted),
        quick=QUICK,
    )


@bp.get("/thu-tuc/linh-vuc")
def fields() -> str:
    """Every field with its number of procedures."""
    counted = search.fields(context.session(), context.today())
    return render_template(
        "public/fields.html",
        nav_current="public.catalogue",
        fields=sorted(counted.items(), key=lambda pair: fold(pair[0])),
    )


@bp.get("/thu-tuc/<code>")
def procedure(code: str) -> str:
    """Everything about one procedure, and what its level permits."""
    session, today = context.session(), context.today()
    version = queries.published(session, code, today)
    by_post = queries.is_on_post_list(session, version, today)
    decision = queries.decision_of(session, code, today)
    level = OnlineLevel(decision.level) if decision else OnlineLevel.INFORMATION
    offer = offered(version, level, on_post_list=by_post)
    case = _chosen_case(version)
    postage = tariff.postage(session, today) if offer.by_post else None
    return render_template(
        "public/procedure.html",
        nav_current="public.catalogue",
        version=version,
        offer=offer,
        decision=decision,
        case=case,
        said=version.curated or {},
        papers=_papers(version, case, offer),
        warnings=[Defect(word) for word in version.warnings],
        source=version if version.curated is None else queries.reference(session, version),
        channels=wording.channels(version, case.key if case else "", postage, offer.by_post),
        postage=postage,
        case_links=_case_links(version, case),
        steps=[
            (say(step.ability.label), step.is_there, say(step.instead) if step.instead else "")
            for step in offer.ladder
        ],
        desks=_desks(version),
        hours=wording.usual_hours(),
        wording=wording,
    )


@bp.get("/thu-tuc/<code>/van-ban-goc")
def source_text(code: str) -> str:
    """The imported text of a curated procedure, for reference."""
    version = queries.published(context.session(), code, context.today())
    source = queries.reference(context.session(), version)
    if source is None:
        raise queries.NoSuchProcedure
    return render_template(
        "public/source_text.html",
        nav_current="public.catalogue",
        version=version,
        source=source,
        warnings=[Defect(word) for word in source.warnings],
    )


@bp.get("/thu-tuc/<code>/mau-don")
def blank_form(code: str) -> str:
    """The procedure's form to print and fill in by hand, from level 2 on (R2)."""
    session, today = context.session(), context.today()
    version = queries.published(session, code, today)
    blank = blank_forms.of(session, version)
    if blank is None or not permits(queries.level_of(session, code, today), Ability.DOWNLOAD_FORM):
        raise NotFound(N_("Thủ tục này không có mẫu đơn để tải, hoặc mức của nó chưa cho tải."))
    return render_template(
        "public/blank_form.html", nav_current="public.catalogue", version=version, blank=blank
    )


def _nothing_found(asked: filters.Asked) -> str:
    near = search.nearest(context.session(), asked.wanted.words, context.today())
    counted = search.fields(context.session(), context.today())
    return render_template(
        "public/nothing_found.html",
        nav_current="public.catalogue",
        asked=asked,
        cards=[wording.card(hit, ()) for hit in near],
        fields=counted.most_common(filters.FIELDS_SHOWN),
    )


def _chosen_case(version: ProcedureVersion) -> Case | None:
    """The case of the address, or else the first one."""
    wanted = request.args.get("truong-hop", "")
    by_key = {case.key: case for case in version.cases}
    return by_key.get(wanted) or next(iter(version.cases), None)


def _papers(version: ProcedureVersion, case: Case | None, offer: Offer) -> list[wording.PaperRow]:
    if case is None:
        return []
    blank = (
        blank_forms.of(context.session(), version) if permits(offer.level, Ability.DOWNLOAD_FORM) else None
    )
    url = url_for(".blank_form", code=version.procedure.code)
    return wording.papers(case.papers, blank.paper if blank else "", url)


def _case_links(version: ProcedureVersion, chosen: Case | None) -> list[dict[str, Any]]:
    return [
        {
            "name": case.name,
            "hint": case.hint,
            "url": "?" + urlencode({"truong-hop": case.key}) + "#can",
            "is_chosen": case is chosen,
        }
        for case in version.cases
    ]


def _desks(version: ProcedureVersion) -> list[Office]:
    return list(deciders(context.session(), version, context.today()))[:MOST_DESKS]
