"""What may be done with a version on a level: its fitness and the way in. Pure, on loaded rows."""

from dataclasses import dataclass

from portal.catalogue.levels import Ability, OnlineLevel, permits
from portal.catalogue.models import ProcedureVersion
from portal.ground.words import N_, Labelled


class Way(Labelled):
    """How a dossier can begin from a citizen's own place."""

    FILE = "file", N_("Nộp trên mạng")
    ANNOUNCE = "announce", N_("Đặt bưu tá đến lấy")
    DESK = "desk", N_("Mang đến quầy")
    NONE = "none", N_("Chỉ để xem thông tin")


NOT_HERE_YET = {
    Ability.PAY_ONLINE: N_("mức này cho phép; hiện cổng thu tại quầy, bưu tá chỉ thu tiền cước"),
}
"""What a level may permit and this portal does not do, with what one does instead."""


@dataclass(frozen=True)
class Step:
    """One ability on the ladder. instead: why a permitted one is not there and what to do, else empty."""

    ability: Ability
    is_there: bool
    instead: str


@dataclass(frozen=True)
class Offer:
    """What the page of a procedure may offer. missing: why it is information only; empty when it is fit."""

    level: OnlineLevel
    way: Way
    by_post: bool
    missing: tuple[str, ...]

    @property
    def ladder(self) -> list[Step]:
        """The five abilities in order: an unfit version only informs."""
        return [self._step(ability) for ability in Ability]

    def _step(self, ability: Ability) -> Step:
        is_permitted = permits(self.level, ability)
        is_permitted = is_permitted and (not self.missing or ability == Ability.INFORMATION)
        instead = NOT_HERE_YET.get(ability, "") if is_permitted else ""
        return Step(ability, is_permitted and not instead, instead)


NO_TIME = N_("Chưa có thời hạn giải quyết dùng được: nguồn không ghi thời hạn hoặc không ghi đơn vị.")
NO_COMPETENCE = N_("Chưa xác định cơ quan nào giải quyết theo nơi cư trú, nơi xảy ra việc hay nơi khác.")
NO_CHECKLIST = N_("Danh mục giấy tờ chưa được biên tập theo từng trường hợp.")


def fitness(version: ProcedureVersion) -> list[str]:
    """What *version* lacks to take dossiers, as sentences; empty when it is fit (A8, R13)."""
    has = {
        NO_TIME: any(row.term for row in version.terms),
        NO_COMPETENCE: version.competence is not None and version.competent_tier is not None,
        NO_CHECKLIST: bool(version.cases) and all(case.papers for case in version.cases),
    }
    return [sentence for sentence, is_there in has.items() if not is_there]


def offered(version: ProcedureVersion, level: OnlineLevel, *, on_post_list: bool) -> Offer:
    """What a citizen may do with *version*: never what its level forbids, and the way around (R2, R4)."""
    missing = tuple(fitness(version))
    return Offer(level, _way(level, on_post_list, is_fit=not missing), on_post_list and not missing, missing)


def _way(level: OnlineLevel, on_post_list: bool, *, is_fit: bool) -> Way:
    if not is_fit:
        return Way.NONE
    if permits(level, Ability.FILE_ONLINE):
        return Way.FILE
    return Way.ANNOUNCE if on_post_list else Way.DESK
