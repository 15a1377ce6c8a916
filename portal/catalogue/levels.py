"""What an online level permits, as one table. Pure."""

from enum import IntEnum

from portal.ground.words import N_, Labelled


class OnlineLevel(IntEnum):
    """The four levels of an online public service (NĐ 43/2011 art. 3.4)."""

    INFORMATION = 1
    DOWNLOAD = 2
    FILING = 3
    FULL = 4

    @property
    def label(self) -> str:
        """The message id of the level's name."""
        return _LABELS[self]


_LABELS = {
    OnlineLevel.INFORMATION: N_("Mức 1"),
    OnlineLevel.DOWNLOAD: N_("Mức 2"),
    OnlineLevel.FILING: N_("Mức 3"),
    OnlineLevel.FULL: N_("Mức 4"),
}


class Ability(Labelled):
    """The five things a level may offer, in the order of the ladder."""

    INFORMATION = "information", N_("Xem đủ thông tin")
    DOWNLOAD_FORM = "download_form", N_("Tải mẫu đơn")
    FILE_ONLINE = "file_online", N_("Nộp trên mạng")
    PAY_ONLINE = "pay_online", N_("Trả phí trên mạng")
    RESULT_ONLINE = "result_online", N_("Nhận kết quả trên mạng")


FROM_LEVEL: dict[Ability, OnlineLevel] = {
    Ability.INFORMATION: OnlineLevel.INFORMATION,
    Ability.DOWNLOAD_FORM: OnlineLevel.DOWNLOAD,
    Ability.FILE_ONLINE: OnlineLevel.FILING,
    Ability.PAY_ONLINE: OnlineLevel.FULL,
    Ability.RESULT_ONLINE: OnlineLevel.FULL,
}
"""The lowest level that has each ability (NĐ 43/2011 art. 3.4; DOMAIN 1.4, R2)."""


def permits(level: OnlineLevel, ability: Ability) -> bool:
    """Whether a procedure of *level* may offer *ability*; the post is none of them (R4)."""
    return level >= FROM_LEVEL[ability]
