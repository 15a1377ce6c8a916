"""Whose number a draft is about, and whether registers may be asked about it. Pure, on loaded rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.accounts.models import Account, IdentityLevel
from portal.catalogue.definitions import Definition
from portal.ground.sealing import KeyRing
from portal.ground.words import N_

NO_NUMBER = N_("Tờ khai chưa có số định danh của chủ hồ sơ.")
ANOTHERS = N_("Cổng chỉ tra thông tin của chính bạn; chủ hồ sơ này mang số khác số của tài khoản bạn.")
NOT_SEEN = N_("Số định danh của tài khoản bạn là tự khai, chưa được đối chiếu với giấy tờ tại quầy.")


@dataclass(frozen=True)
class Numbers:
    """The identity numbers of the owner-to-be and of the account that files; "" where there is none.

    is_seen: whether the account's was compared with a card: before, anybody may have typed it.
    """

    owner: str = field(repr=False)
    own: str = field(repr=False)
    is_seen: bool
    owner_index: str
    """The blind index of the owner's number."""

    @property
    def not_askable(self) -> str | None:
        """Why no register is asked: nobody reads through the portal what is said of somebody else."""
        if not self.owner:
            return NO_NUMBER
        if self.owner != self.own:
            return ANOTHERS
        return None if self.is_seen else NOT_SEEN


def numbers_of(account: Account, form: Definition | None, said: Mapping[str, Any], keys: KeyRing) -> Numbers:
    """The numbers of a draft of *account*: the owner's as *said* in the form, or else the account's own."""
    sealed = account.identity_sealed
    own = keys.open(sealed, account.bound_to) if sealed else ""
    owner = str(said.get(form.owner.identity, "")) if form is not None and form.owner.name else own
    is_seen = account.identity_level != IdentityLevel.SELF_DECLARED
    return Numbers(owner, own, is_seen, keys.index(owner) if owner else "")
