"""The public look-up: a code and four digits of a phone give the stage and the due date, and nothing more."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from wtforms import StringField
from wtforms.validators import Regexp

from portal.dossiers import queries
from portal.dossiers.queries import PublicView
from portal.dossiers.states import Status
from portal.ground import codes
from portal.sites.public.views import bp
from portal.web import context, limits, security
from portal.web.forms import PortalForm, at_most, required
from portal.web.i18n import _, _l
from portal.web.limits import Tried

STAGES = {
    Status.SUBMITTED: _l("Hồ sơ đã đến cổng, quầy Một Cửa đang kiểm tra hoặc chờ giấy tờ. Chưa có ngày hẹn."),
    Status.ACCEPTED: _l("Quầy Một Cửa đã tiếp nhận, sắp chuyển cho người xử lý."),
    Status.NOT_ACCEPTED: _l("Quầy Một Cửa không tiếp nhận. Lý do nằm trong hồ sơ, xem khi đăng nhập."),
    Status.IN_PROGRESS: _l("Cơ quan đang giải quyết."),
    Status.AWAITING_SUPPLEMENT: _l("Đang chờ người nộp bổ sung. Ngày hẹn tính tiếp khi nhận đủ."),
    Status.AWAITING_PAYMENT: _l("Đang chờ người nộp thực hiện nghĩa vụ tài chính."),
    Status.WITHDRAWN: _l("Người nộp đã rút hồ sơ."),
    Status.STOPPED: _l("Hồ sơ đã dừng giải quyết. Lý do nằm trong hồ sơ, xem khi đăng nhập."),
    Status.FINISHED: _l("Đã có kết quả, đang chờ trả."),
    Status.RETURNED: _l("Đã trả kết quả."),
}
"""What each status means to somebody who waits."""

PROMISED = (Status.ACCEPTED, Status.IN_PROGRESS)
"""When the due date is a promise that runs."""


class LookUpForm(PortalForm):
    """A code and four digits. Without a token: a token would need a cookie, and readers get none."""

    once_key = ""

    class Meta(PortalForm.Meta):
        """No token; the view checks where the form came from."""

        csrf = False

    ma = StringField(
        _l("Mã hồ sơ"),
        [required(_l("Hãy nhập mã hồ sơ.")), at_most(60)],
        description=_l(
            "Mã trên giấy hẹn, ví dụ 000.21.07.H09-200915-0001, hoặc mã tạm khi nộp, ví dụ TN-4F7K-29QX-Y."
        ),
        render_kw={"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"},
    )
    so_cuoi = StringField(
        _l("Bốn số cuối điện thoại"),
        [
            required(_l("Hãy nhập bốn số cuối điện thoại.")),
            Regexp(r"^\s*[0-9]{4}\s*$", message=_l("Cần đúng bốn chữ số cuối.")),
        ],
        description=_l("Của người nộp hoặc của chủ hồ sơ, như đã khai khi nộp."),
        render_kw={"inputmode": "numeric", "maxlength": "4", "autocomplete": "off"},
    )


@bp.get("/tra-cuu")
def look_up() -> ResponseReturnValue:
    """The form; `?ma=` fills the code in, as the QR of a receipt does."""
    return _page(LookUpForm(data={"ma": request.args.get("ma", "")[:60]}))


@bp.post("/tra-cuu")
@security.without_token
def look_up_submit() -> ResponseReturnValue:
    """Answer one look-up; an unknown code and wrong digits get the same words, and cost the same."""
    security.require_same_origin()
    form = LookUpForm()
    if not form.validate():
        return _page(form), 422
    code = codes.typed(form.ma.data or "")
    limits.spend(Tried.LOOK_UP, code)
    found = queries.look_up(context.session(), code, form.so_cuoi.data or "")
    if found is None:
        wrong = _("Không có hồ sơ nào mang mã này với bốn số điện thoại này. Hãy xem lại cả hai.")
        form.ma.errors = [wrong]
        return _page(form), 422
    return _page(form, found, code)


def _page(form: LookUpForm, found: PublicView | None = None, asked: str = "") -> str:
    return render_template(
        "public/look_up.html",
        form=form,
        found=found,
        stage=STAGES[found.status] if found else "",
        promised=found.due_at if found and found.status in PROMISED else None,
        asked=asked,
        nav_current="public.look_up",
    )
