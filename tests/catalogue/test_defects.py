"""Every known defect of the national catalogue is seen, and a sound record has none."""

from typing import Any

import pytest

from portal.catalogue.defects import Defect, found_in
from portal.catalogue.records import read
from tests.catalogue.records import channel, fee, papers, record

BROKEN = [
    (Defect.LIST_ROW_ONLY, {"channels": None, "documents": None, "steps": None, "legal_basis": None}),
    (Defect.UNIT_MISSING, {"channels": [channel(time_unit="unknown")]}),
    (Defect.UNIT_MISSING, {"channels": [channel(time_unit=None)]}),
    (Defect.TIME_MISSING, {"channels": [{"channel": "counter"}]}),
    (Defect.TIME_VARIES, {"channels": [channel(), channel(time_value=9)]}),
    (Defect.FEE_ZERO_NAMED, {"channels": [channel(fees=[fee(0, "Lệ phí 40.000 đồng/lần")])]}),
    (Defect.FEE_ZERO_NAMED, {"channels": [channel(fees=[fee(0, "Do Hội đồng nhân dân tỉnh quyết định")])]}),
    (Defect.FEE_ABSURD, {"channels": [channel(fees=[fee(135)])]}),
    (Defect.FEE_DISAGREES, {"channels": [channel(fees=[fee(5_000, "mức thu 7.000 đồng")])]}),
    (Defect.COUNT_AMBIGUOUS, {"documents": papers("Tờ khai: 0", "bản chính;")}),
    (Defect.COUNT_AMBIGUOUS, {"documents": papers(". Tại ô chứng từ")}),
    (Defect.HEADING_AS_CASE, {"documents": papers("Đơn", case="Giấy tờ phải nộp")}),
    (Defect.HEADING_AS_CASE, {"documents": papers("Đơn", case="Lưu ý")}),
    (Defect.PARAGRAPH_AS_PAPER, {"documents": papers("Trường hợp " * 80)}),
    (Defect.DISTRICT_NAMED, {"agencies": ["Ủy ban nhân dân cấp huyện"]}),
    (Defect.LAW_TITLE_TORN, {"legal_basis": [{"number": "8/2015/NĐ-CP", "title": "hị định"}]}),
    (Defect.LAW_TITLE_TORN, {"legal_basis": [{"number": "8/2015/NĐ-CP", "title": "ngày 20/4/2018 của"}]}),
    (Defect.LAW_TITLE_TORN, {"legal_basis": [{"number": "8/2015/NĐ-CP", "title": "Nghị định số"}]}),
    (Defect.AGENCY_MISSING, {"agencies": None}),
    (Defect.TRIAL_DECISION, {"decision": "Demo/QĐ-BCA"}),
    (Defect.SECTIONS_RECUT, {"source": {"warnings": ["sections_recut"]}}),
    (Defect.OTHER, {"source": {"warnings": ["a word of tomorrow"]}}),
]


@pytest.mark.parametrize(("defect", "said"), BROKEN, ids=lambda value: getattr(value, "value", ""))
def test_a_defect_is_seen(defect: Defect, said: dict[str, Any]) -> None:
    assert defect in found_in(read(record(**said)).content)


SOUND = [
    {},
    {"channels": [channel(fees=[fee(0, "Không quy định.")])]},
    {"channels": [channel(fees=[fee(0, "Miễn lệ phí.")])]},
    {"channels": [channel(fees=[fee(50, "mỗi chuyến") | {"currency": "USD"}])]},
    {"channels": [channel(fees=[fee(7_000, "mức thu 7.000 đồng")])]},
    {"channels": [channel("online"), channel("counter", time_value=9)]},
    {"documents": papers("Đơn số 10", "Bản sao", case="Trường hợp làm mới")},
    {"legal_basis": [{"number": "8/2015/NĐ-CP", "title": "quy định chi tiết Luật Hải quan"}]},
    {"legal_basis": [{"number": "8/2015/NĐ-CP"}]},
]


@pytest.mark.parametrize("said", SOUND)
def test_a_sound_record_has_no_defect(said: dict[str, Any]) -> None:
    assert found_in(read(record(**said)).content) == []


def test_a_defect_said_by_the_source_and_found_counts_once() -> None:
    said = {"channels": [channel(time_unit="unknown")], "source": {"warnings": ["time_unit_missing"]}}

    assert found_in(read(record(**said)).content) == [Defect.UNIT_MISSING]
