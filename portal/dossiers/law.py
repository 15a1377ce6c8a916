"""The two sets of law, by date: what differs between them for the life of a dossier. Pure."""

from datetime import date

from portal.ground.words import N_, Labelled


class LawSet(Labelled):
    """The rules a dossier keeps from its filing to its end."""

    OF_2020 = "2020", N_("Bốn mức độ, ba cấp (NĐ 61/2018)")
    OF_2025 = "2025", N_("Một phần, toàn trình, hai cấp (NĐ 118/2025)")


TURN = date(2025, 7, 1)
"""First day of the law of 2025 (NĐ 118/2025/NĐ-CP); what was filed before stays under the law of 2020."""


class AfterSupplement(Labelled):
    """What a supplement in appraisal does to the term (R18)."""

    RESTART = "restart", N_("Tính lại từ đầu")
    RESUME = "resume", N_("Tính tiếp phần còn lại")


def law_on(day: date) -> LawSet:
    """The law under which a dossier filed on *day* lives."""
    return LawSet.OF_2025 if day >= TURN else LawSet.OF_2020


AFTER_SUPPLEMENT = {
    LawSet.OF_2020: AfterSupplement.RESTART,
    LawSet.OF_2025: AfterSupplement.RESUME,
}
"""Default of each law set (NĐ 61/2018 art. 17, 19, unverified; 2025: assumption, configurable)."""
