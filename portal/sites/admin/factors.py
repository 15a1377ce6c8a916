"""Second factors of staff who lost theirs, taken away by an administrator."""

from flask import flash, url_for
from flask.typing import ResponseReturnValue

from portal.accounts import people
from portal.accounts.factors.removing import reset_staff
from portal.sites.admin.views import bp
from portal.web import context, limits
from portal.web.i18n import _
from portal.web.limits import Tried


@bp.post("/quan-tri/tai-khoan/<uuid:uid>/buoc-hai")
def reset_factors(uid: object) -> ResponseReturnValue:
    """Take every second factor of the account away; its sessions end, and new ones are set up at sign-in."""
    limits.spend(Tried.RESET, context.actor().account_id)
    with context.transaction() as session:
        found = people.staff_account(session, str(uid))
        reset_staff(session, found, by=context.actor(), at=context.now())
        response = context.answer(context.go_to(url_for(".account", uid=uid)))
    flash(_("Đã đặt lại bước hai của %(name)s.", name=found.full_name))
    return response
