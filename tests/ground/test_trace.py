"""What the trace of a due date tells, in the words a person reads."""

from datetime import date, datetime
from decimal import Decimal

from portal.ground.working_time import ZONE, Calendar, DayKind, Note, Term, Unit, due

WD, DAY, HOUR, SAME = Unit.WORKING_DAY, Unit.DAY, Unit.HOUR, Unit.SAME_DAY

COUNTRY = Calendar(
    days={
        date(2020, 9, 2): DayKind.HOLIDAY,
        date(2026, 8, 22): DayKind.MAKE_UP,
        date(2026, 8, 31): DayKind.EXCHANGED_OFF,
        date(2026, 9, 1): DayKind.HOLIDAY,
        date(2026, 9, 2): DayKind.HOLIDAY,
        date(2027, 1, 1): DayKind.HOLIDAY,
    }
)


def sentences(
    start: str, amount: str, unit: Unit, calendar: Calendar = COUNTRY
) -> list[tuple[str, str, str]]:
    start_at = datetime.fromisoformat(start).replace(tzinfo=ZONE)
    trace = due(start_at, Term(Decimal(amount), unit), calendar).trace
    return [(f"{line.at.astimezone(ZONE):%d/%m %H:%M}", line.sentence, line.counted) for line in trace]


def test_a_trace_tells_each_day_and_why_it_counts_or_not():
    tet = {date(2026, 2, day): DayKind.HOLIDAY for day in range(16, 21)}
    names = dict.fromkeys(tet, Note("Tết Nguyên đán", "Bộ luật Lao động 2019, điều 112"))
    calendar = Calendar(days=tet, notes=names)
    assert sentences("2026-02-12 15:30", "3", WD, calendar) == [
        ("12/02 15:30", "Bắt đầu tính 3 ngày làm việc; ngày bắt đầu không tính", "bắt đầu"),
        ("13/02 00:00", "Ngày làm việc thứ 1", "1"),
        ("14/02 00:00", "Nghỉ hằng tuần, đến hết 15/02/2026", "không tính"),
        ("16/02 00:00", "Tết Nguyên đán, đến hết 20/02/2026", "không tính"),
        ("21/02 00:00", "Nghỉ hằng tuần, đến hết 22/02/2026", "không tính"),
        ("23/02 00:00", "Ngày làm việc thứ 2", "2"),
        ("24/02 17:00", "Ngày làm việc thứ 3, hết giờ làm việc: đến hạn", "3"),
    ]


def test_a_trace_tells_the_hours_counted_so_far():
    assert sentences("2020-09-15 09:42", "8", HOUR) == [
        ("15/09 09:42", "Bắt đầu tính 8 giờ làm việc", "bắt đầu"),
        ("15/09 09:42", "Mở cửa từ 09:42 đến 11:30", "1:48"),
        ("15/09 13:30", "Mở cửa từ 13:30 đến 17:00", "5:18"),
        ("16/09 07:30", "Mở cửa từ 07:30 đến 10:12", "8:00"),
        ("16/09 10:12", "Đủ 8 giờ làm việc: đến hạn", "8:00"),
    ]


def test_a_trace_shows_no_empty_span_for_a_start_at_the_closing():
    assert sentences("2020-09-07 17:00", "0.5", HOUR)[1:] == [
        ("08/09 07:30", "Mở cửa từ 07:30 đến 08:00", "0:30"),
        ("08/09 08:00", "Đủ 0,5 giờ làm việc: đến hạn", "0:30"),
    ]


def test_a_trace_tells_a_fraction_of_a_day_in_hours():
    told = "Bắt đầu tính 1,5 ngày làm việc, mỗi ngày 8 giờ: 12 giờ làm việc"
    assert sentences("2020-09-07 07:30", "1.5", WD)[0] == ("07/09 07:30", told, "bắt đầu")


def test_a_trace_tells_the_second_that_was_too_late():
    told = "Nhận lúc 15:00:01, sau 15:00: trả vào ngày làm việc tiếp theo"
    assert sentences("2020-09-07 15:00:01", "1", SAME)[1] == ("07/09 15:00", told, "không tính")


def test_a_trace_tells_that_a_made_up_day_counts():
    names = {date(2026, 8, 22): Note("Làm bù cho ngày 31/08/2026", "Lịch nghỉ")}
    calendar = Calendar(days=COUNTRY.days, notes=names)
    told = ("22/08 00:00", "Ngày làm việc thứ 2: Làm bù cho ngày 31/08/2026", "2")
    assert told in sentences("2026-08-20 09:00", "3", WD, calendar)


def test_a_trace_tells_that_a_start_outside_office_hours_waits():
    assert sentences("2020-09-05 10:00", "1", SAME) == [
        ("05/09 10:00", "Ngoài giờ làm việc: tính từ giờ mở cửa tiếp theo", "không tính"),
        ("06/09 00:00", "Nghỉ hằng tuần", "không tính"),
        ("07/09 07:30", "Bắt đầu tính, trả trong ngày", "bắt đầu"),
        ("07/09 17:00", "Nhận không muộn hơn 15:00, hết giờ làm việc trong ngày: đến hạn", ""),
    ]


def test_a_trace_tells_why_a_last_day_of_rest_moves():
    assert sentences("2026-08-28 10:00", "3", DAY)[1:] == [
        ("31/08 00:00", "Ngày thứ 3 là ngày nghỉ: chuyển sang ngày làm việc tiếp theo", "3"),
        ("31/08 00:00", "Nghỉ hoán đổi", "không tính"),
        ("01/09 00:00", "Nghỉ lễ, đến hết 02/09/2026", "không tính"),
        ("03/09 17:00", "Ngày làm việc tiếp theo, hết giờ làm việc: đến hạn", ""),
    ]


def test_a_long_term_is_told_by_stretches():
    told = sentences("2020-09-07 09:00", "11", WD)
    assert ("08/09 00:00", "Ngày làm việc thứ 1 đến thứ 4", "1–4") in told


def test_a_year_whose_holidays_nobody_entered_is_told():
    told = [sentence for _, sentence, _ in sentences("2027-12-31 10:00", "1", WD)]
    assert "Chưa nhập lịch nghỉ lễ năm 2028: chưa trừ ngày lễ nào" in told
