"""Forms of an office: what it is called, when it is open, whom it serves, how it closes."""

from typing import Any

from wtforms import SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Optional

from portal.accounts.establishment import Particulars
from portal.accounts.hours import typed_spans, written_spans
from portal.ground.open_hours import Week
from portal.sites.admin.calendar_forms import PromisesForm
from portal.sites.admin.forms import DAY
from portal.sites.admin.wording import weekdays
from portal.web.forms import DayField, PortalForm, at_most, obeys, required
from portal.web.i18n import _l


class OfficeForm(PortalForm):
    """What can be changed of an office."""

    ten = StringField(_l("Tên cơ quan"), [required(_l("Hãy ghi tên cơ quan.")), at_most(200)])
    dia_chi = StringField(_l("Địa chỉ"), [at_most(300)])
    dien_thoai = StringField(_l("Điện thoại"), [at_most(30)], render_kw={"inputmode": "tel"})
    dia_ban = SelectField(
        _l("Địa bàn"),
        description=_l("Tỉnh cho sở; huyện, thành phố; phường, xã. Bưu cục: phường, xã nơi đặt bưu cục."),
    )
    cap_tren = SelectField(_l("Cơ quan cấp trên"), [Optional()])

    def particulars(self) -> Particulars:
        """What was typed, as the concept takes it."""
        above = int(self.cap_tren.data) if self.cap_tren.data else None
        return Particulars(
            self.ten.data or "",
            self.dia_chi.data or "",
            self.dien_thoai.data or "",
            self.dia_ban.data or None,
            above,
        )


class NewOfficeForm(OfficeForm):
    """A new office. Its code can be taken only once: no key."""

    once_key = ""

    ma = StringField(
        _l("Mã cơ quan"),
        [required(_l("Hãy ghi mã cơ quan."))],
        description=_l("Mã định danh, ví dụ 000.21.07.H09; bưu cục: mã bưu chính."),
        render_kw={"autocapitalize": "characters", "spellcheck": "false", "autocomplete": "off"},
    )
    loai = SelectField(_l("Loại"))
    tu_ngay = DayField(_l("Hoạt động từ ngày"), [required(_l("Hãy ghi ngày bắt đầu."))], format=DAY)


class ClosingForm(PortalForm):
    """The last day of an office, and which one follows it."""

    den_ngay = DayField(
        _l("Ngày hoạt động cuối cùng"), [required(_l("Hãy ghi ngày cuối cùng."))], format=DAY
    )
    ke_thua = SelectField(_l("Cơ quan kế thừa"), [Optional()])
    ly_do = TextAreaField(
        _l("Căn cứ, lý do"),
        [required(_l("Hãy ghi căn cứ.")), at_most(500)],
        description=_l("Ghi vào sổ cái."),
    )


class ServedForm(PortalForm):
    """The wards whose homes a post office serves."""

    phuong = SelectMultipleField(_l("Phường, xã phục vụ"), [Optional()])


class HoursForm(PromisesForm):
    """The week of an office from a day on; its days are the fields ngay_0 (Monday) to ngay_6."""

    tu_ngay = DayField(_l("Áp dụng từ ngày"), [required(_l("Hãy ghi ngày bắt đầu."))], format=DAY)
    theo = SelectField(_l("Giờ làm việc"))

    @property
    def days(self) -> list[Any]:
        """The fields of the days, Monday first."""
        return [self[f"ngay_{day}"] for day in range(7)]

    def week(self) -> Week:
        """The hours typed; days left empty are days off."""
        typed = {day: typed_spans(field.data or "") for day, field in enumerate(self.days)}
        return {day: spans for day, spans in typed.items() if spans}


def hours_form(usual: Week | None = None, **data: Any) -> HoursForm:
    """The form of a week, filled with *usual* when it is shown for the first time."""
    fields = {
        f"ngay_{day}": StringField(name, [Optional(), at_most(60), obeys(typed_spans)])
        for day, name in enumerate(weekdays())
    }
    shown = {f"ngay_{day}": written_spans((usual or {}).get(day, ())) for day in range(7)}
    built: HoursForm = type("WeekForm", (HoursForm,), fields)(data={**shown, **data})
    return built
