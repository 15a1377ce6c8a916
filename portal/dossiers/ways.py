"""How a dossier may be sent and its result received: what the level and the post's list open. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.catalogue.levels import Ability, permits
from portal.catalogue.models import Channel, ProcedureVersion, RequiredPaper
from portal.catalogue.offers import Offer, Way
from portal.dossiers.deadlines import NoTerm, term_of
from portal.dossiers.states import Delivery
from portal.ground.words import N_

NOT_ONLINE = N_("Ở mức đang công bố, thủ tục này chưa nộp trên mạng được: cơ quan phải cầm bản chính.")
NOT_LISTED = N_("Thủ tục này không có trong danh mục gửi và trả qua bưu điện của tỉnh.")
NOTHING_TRAVELS = N_("Bạn không có giấy tờ nào phải gửi.")
NO_NEED = N_("Mang đến quầy thì không cần khai trước; cứ đến trong giờ làm việc.")
NO_ONLINE_RESULT = N_("Ở mức đang công bố, kết quả chỉ có bản giấy.")


@dataclass(frozen=True)
class Choice:
    """One way of sending or receiving, and why it is shut, if it is."""

    value: Channel | Delivery
    shut_because: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether it may be chosen."""
        return self.shut_because is None


@dataclass(frozen=True)
class Standing:
    """What holds for a procedure today: its version and what may be done with it."""

    version: ProcedureVersion
    offer: Offer

    @property
    def files_online(self) -> bool:
        """Whether the level permits filing on the portal (R2); else papers are announced for the post."""
        return self.offer.way == Way.FILE

    @property
    def takes_filings(self) -> bool:
        """Whether anything can be begun here at all: fit, and filed or announced."""
        return self.offer.way in (Way.FILE, Way.ANNOUNCE)


@dataclass(frozen=True)
class Chosen:
    """The two choices with the places that belong to them, as typed into the form."""

    send: Channel
    receive: Delivery
    pickup: dict[str, Any] = field(default_factory=dict)
    back: dict[str, Any] = field(default_factory=dict)


def sending(standing: Standing, case_key: str, papers: Sequence[RequiredPaper]) -> list[Choice]:
    """The three ways to send, in the order shown (R4)."""
    return [
        Choice(Channel.ONLINE, _not_online(standing, case_key)),
        Choice(Channel.POST, _not_by_post(standing, case_key, papers)),
        Choice(Channel.DESK, _not_to_desk(standing, case_key)),
    ]


def receiving(standing: Standing) -> list[Choice]:
    """The three ways to receive, in the order shown; sending does not limit them (B7)."""
    online = permits(standing.offer.level, Ability.RESULT_ONLINE)
    return [
        Choice(Delivery.ONLINE, None if online else NO_ONLINE_RESULT),
        Choice(Delivery.POST, None if standing.offer.by_post else NOT_LISTED),
        Choice(Delivery.DESK),
    ]


def travelling(papers: Sequence[RequiredPaper]) -> list[RequiredPaper]:
    """The papers of a list that are handed in as sheets."""
    return [
        p for p in papers if not p.is_form and not p.to_show and p.originals + p.copies + p.certified_copies
    ]


def to_upload(papers: Sequence[RequiredPaper]) -> list[RequiredPaper]:
    """The papers of a list of which a photo or a scan is asked for."""
    return [paper for paper in papers if not paper.is_form]


def must_upload(papers: Sequence[RequiredPaper]) -> list[RequiredPaper]:
    """Those without which nothing can be sent online; papers to show are shown later."""
    return [paper for paper in papers if not paper.is_form and not paper.to_show]


def _not_online(standing: Standing, case_key: str) -> str | None:
    return _no_term(standing, Channel.ONLINE, case_key) if standing.files_online else NOT_ONLINE


def _not_by_post(standing: Standing, case_key: str, papers: Sequence[RequiredPaper]) -> str | None:
    if not standing.offer.by_post:
        return NOT_LISTED
    return _no_term(standing, Channel.POST, case_key) if travelling(papers) else NOTHING_TRAVELS


def _not_to_desk(standing: Standing, case_key: str) -> str | None:
    return _no_term(standing, Channel.DESK, case_key) if standing.files_online else NO_NEED


def _no_term(standing: Standing, channel: Channel, case_key: str) -> str | None:
    try:
        term_of(standing.version, channel, case_key)
    except NoTerm as missing:
        return missing.message
    return None
