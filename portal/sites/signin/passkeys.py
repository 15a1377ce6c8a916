"""Passkeys: what the browser is asked, and its answer: to sign in, as the second step, or to confirm."""

from flask import Response, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from portal.accounts.factors import passkeys
from portal.accounts.factors.challenges import new_challenge, take_challenge
from portal.accounts.factors.passkeys import RelyingParty, WrongPasskey
from portal.accounts.factors.queries import factors_of
from portal.accounts.models import Account
from portal.ground.errors import NotFound
from portal.sites.signin import confirming, entering
from portal.sites.signin.forms import CodeForm, ConfirmForm, PasskeyForm, SignInForm, refused
from portal.sites.signin.second_step import second_step_page
from portal.sites.signin.views import bp, sign_in_page
from portal.web import context, identity, limits
from portal.web.i18n import say
from portal.web.limits import Tried

ADDING = "them"
"""What the field `viec` says when the browser shall make a passkey rather than use one."""


@bp.post("/khoa-truy-cap/cau-hoi")
def passkey_question() -> ResponseReturnValue:
    """What the browser's passkey is to sign, as JSON; kept here, good once."""
    party = relying_party()
    limits.spend(Tried.PASSKEY, identity.browser_token())
    with context.transaction() as session:
        challenge = new_challenge(session, identity.browser_token(), at=context.wall_clock())
    adding = request.form.get("viec") == ADDING
    asked = _registration(party, challenge) if adding else _question(party, challenge)
    return Response(asked, content_type="application/json")


@bp.post("/khoa-truy-cap")
def passkey_submit() -> ResponseReturnValue:
    """Take the answer of a passkey: it confirms who is signed in, ends a second step, or signs in."""
    form, asked = PasskeyForm(), answered_question()
    try:
        with context.transaction() as session:
            of, at = _expected(), context.now()
            account = passkeys.prove(session, form.tra_loi.data or "", asked, at=at, of=of)
            limits.forgive(session, Tried.PASSKEY, identity.browser_token())
            if current_user.is_authenticated:
                return confirming.go_on_confirmed(session, form.tiep.data, with_factor=True)
            return entering.after_factor(session, account, form.tiep.data)
    except WrongPasskey as refusal:
        return _page_again(form, say(refusal.message)), 422


def relying_party() -> RelyingParty:
    """Whose passkeys ours are; NotFound where the public address is a bare number, which has none."""
    settings = context.settings()
    if not settings.passkey_host:
        raise NotFound
    return RelyingParty(settings.passkey_host, settings.origin)


def answered_question() -> tuple[RelyingParty, bytes]:
    """What this browser was asked; the challenge is taken away for good, whatever comes of the answer."""
    party, token = relying_party(), identity.browser_token()
    with context.trace() as session:
        return party, take_challenge(session, token, at=context.wall_clock())


def _expected() -> int | None:
    """Whose passkey it must be: of who is signed in or half so; None for anybody's."""
    if current_user.is_authenticated:
        return context.actor().account_id
    begun = identity.waiting(context.session())
    return begun.account_id if begun else None


def _question(party: RelyingParty, challenge: bytes) -> str:
    of = _expected()
    held = factors_of(context.session(), of).passkeys if of else ()
    return passkeys.question(held, party, challenge)


def _registration(party: RelyingParty, challenge: bytes) -> str:
    mine = context.session().get_one(Account, context.actor().account_id)
    held = factors_of(context.session(), mine.id).passkeys
    return passkeys.registration(mine, held, party, challenge)


def _page_again(form: PasskeyForm, sentence: str) -> str:
    """The page that the answer came from, saying that it will not do."""
    sent = {"formdata": None, "data": {"tiep": form.tiep.data}}
    if current_user.is_authenticated:
        return confirming.confirm_page(refused(ConfirmForm(**sent), "tiep", sentence))
    begun = identity.waiting(context.session())
    if begun:
        return second_step_page(begun, refused(CodeForm(**sent), "tiep", sentence))
    return sign_in_page(refused(SignInForm(**sent), "tiep", sentence))
