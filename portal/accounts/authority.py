"""Who may administer accounts: an administrator, or the operator of the machine through a command."""

from portal.accounts.models import Account, Actor, Role
from portal.ground.errors import NotAllowed
from portal.ground.words import N_

OPERATOR = Actor(account_id=0, name="", role=Role.ADMIN)
"""Who runs the commands on the machine itself: no account, the first grants of a new portal are theirs."""


class OwnRights(NotAllowed):
    """Nobody widens, narrows or proves their own account."""

    message = N_("Không ai tự làm việc này cho tài khoản của chính mình; hãy nhờ một người khác.")


def require_admin(by: Actor) -> None:
    """Refuse everybody but an administrator; raises NotAllowed."""
    if by.role != Role.ADMIN:
        raise NotAllowed


def require_another(by: Actor, account: Account) -> None:
    """Refuse the person whose account it is, under whichever account they act; raises OwnRights."""
    same_person = by.identity_index is not None and by.identity_index == account.identity_index
    if by.account_id == account.id or same_person:
        raise OwnRights
