"""The national databases that can answer in place of a paper: one table, by code (R35)."""

from portal.ground.errors import Refused
from portal.ground.words import N_

REGISTERS: dict[str, str] = {
    "DANCU": N_("Cơ sở dữ liệu quốc gia về dân cư"),
    "HOTICH": N_("Cơ sở dữ liệu hộ tịch điện tử"),
}
"""Name by code. The codes stand for MaCSDL in DSKetNoiCSDL (DOMAIN 5.2), whose values no source gives:
they are ours, an assumption to be replaced here once the national list is known."""


class UnknownRegister(Refused):
    """A line of a checklist names a register that the table does not have."""

    message = N_("%(paper)s: không có cơ sở dữ liệu mã “%(code)s”; các mã đã biết: %(known)s.")


def known(code: str, paper: str) -> str:
    """Return *code*, of a register or "" for none; raises UnknownRegister naming *paper*."""
    if code and code not in REGISTERS:
        raise UnknownRegister(paper=paper, code=code[:20], known=", ".join(REGISTERS))
    return code


def name_of(code: str) -> str:
    """The name of a register; its code where the table has lost it, for a dossier keeps its own."""
    return REGISTERS.get(code, code)
