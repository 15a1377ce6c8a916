"""A form that came after its session had ended: shown to who sent it, to be sent again."""

from flask import render_template, request

from portal.accounts import kept_forms
from portal.sites.signin.views import bp
from portal.web import context, keeping


@bp.get("/gui-lai/<uid>")
def again(uid: str) -> str:
    """What was kept for the reader, with the button that sends it to where it was meant to go."""
    me, at = context.actor().account_id, context.wall_clock()
    form = kept_forms.get(context.session(), uid, me, at=at)
    fields = [(name, value) for name, value in form.fields]
    return render_template(
        "signin/again.html",
        at=form.at,
        action=request.script_root + form.path,
        fields=fields,
        kept=keeping.typed(fields),
    )
