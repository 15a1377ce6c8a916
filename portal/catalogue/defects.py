"""What is known to be wrong in the national catalogue: found in a record, kept with it, shown. Pure."""

import re
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

from portal.catalogue.records import Content
from portal.ground.words import N_, Labelled

SMALLEST_FEE_DONG = 1000
"""A fee below is a scale error, "135" for 135,000; no levy in force is as small."""

LONGEST_PAPER_NAME = 600
"""A longer name of a paper is a paragraph of instructions."""

LONGEST_CASE = 200
"""A longer name of a case is a sentence from the law."""


class Defect(Labelled):
    """A defect of an imported record; the value is kept with the version, the sentence is shown."""

    LIST_ROW_ONLY = "list_row_only", N_("Nguồn chỉ có dòng tên trong danh mục, không có nội dung.")
    UNIT_MISSING = "unit_missing", N_("Thời hạn ghi số mà không ghi đơn vị; không suy đoán.")
    TIME_MISSING = "time_missing", N_("Nguồn không ghi thời hạn giải quyết.")
    TIME_VARIES = "time_varies", N_("Một cách nộp có nhiều thời hạn khác nhau.")
    TIME_IN_WORDS = "time_in_words", N_("Thời hạn viết bằng lời, chưa tách thành số và đơn vị.")
    FEE_ZERO_NAMED = "fee_zero_named", N_("Phí ghi 0 nhưng ghi chú lại nói có phí.")
    FEE_ABSURD = "fee_absurd", N_("Mức phí nhỏ bất thường, có thể thiếu ba số 0.")
    FEE_DISAGREES = "fee_disagrees", N_("Mức phí bằng số khác mức nêu trong ghi chú.")
    COUNT_AMBIGUOUS = "count_ambiguous", N_("Số bản chính, bản sao của giấy tờ không rõ.")
    HEADING_AS_CASE = "heading_as_case", N_("Tiêu đề bị ghi thành trường hợp; chỉ để tham khảo.")
    PARAGRAPH_AS_PAPER = "paragraph_as_paper", N_("Cả đoạn hướng dẫn bị ghi thành tên giấy tờ.")
    DISTRICT_NAMED = "district_named", N_("Còn nhắc cấp huyện, cấp kết thúc hoạt động từ 01/07/2025.")
    LAW_TITLE_TORN = "law_title_torn", N_("Tên văn bản pháp luật bị cắt hoặc lẫn chữ của dòng bên cạnh.")
    AGENCY_MISSING = "agency_missing", N_("Nguồn không ghi cơ quan thực hiện.")
    AGENCY_TAKEN_OVER = "agency_taken_over", N_("Cơ quan thực hiện lấy theo cơ quan có thẩm quyền.")
    TRIAL_DECISION = "trial_decision", N_("Quyết định công bố là bản thử.")
    SECTIONS_RECUT = "sections_recut", N_("Các phần của văn bản gốc đã phải chia lại.")
    OTHER = "other", N_("Nguồn có ghi chú khác về chất lượng.")


_SAID_BY_SOURCE = {
    "wrong_page_only_list_row_kept": Defect.LIST_ROW_ONLY,
    "time_unit_missing": Defect.UNIT_MISSING,
    "channel_time_free_text": Defect.TIME_IN_WORDS,
    "fee_zero_but_note_names_fee": Defect.FEE_ZERO_NAMED,
    "fee_amount_suspicious": Defect.FEE_ABSURD,
    "document_count_ambiguous": Defect.COUNT_AMBIGUOUS,
    "agency_missing": Defect.AGENCY_MISSING,
    "agency_from_competent_authority": Defect.AGENCY_TAKEN_OVER,
    "sections_recut": Defect.SECTIONS_RECUT,
}
"""The source's own words for its defects; a word not listed counts as OTHER."""


def found_in(content: Content) -> list[Defect]:
    """The defects of a record, found or said by its source, in the order of Defect."""
    said = (_SAID_BY_SOURCE.get(word, Defect.OTHER) for word in content.get("source", {}).get("warnings", []))
    found = {defect for defect, sees in _FINDERS.items() if sees(content)} | set(said)
    return [defect for defect in Defect if defect in found]


def _channels(content: Content) -> list[dict[str, Any]]:
    return list(content.get("channels", []))


def _fees(content: Content) -> Iterator[dict[str, Any]]:
    for channel in _channels(content):
        yield from channel.get("fees", [])


def _papers(content: Content) -> Iterator[dict[str, Any]]:
    for group in content.get("documents", []):
        yield from group.get("items", [])


def _is_list_row(content: Content) -> bool:
    return not any(key in content for key in ("channels", "documents", "steps", "legal_basis"))


def _lacks_unit(content: Content) -> bool:
    return any(
        row.get("time_unit", "unknown") == "unknown" for row in _channels(content) if "time_value" in row
    )


def _lacks_time(content: Content) -> bool:
    rows = _channels(content)
    return bool(rows) and not any(row.get("time_value") for row in rows)


def _has_several_times(content: Content) -> bool:
    timed = [row for row in _channels(content) if "time_value" in row]
    by_channel = groupby(sorted(timed, key=_channel_of), key=_channel_of)
    return any(len({(row["time_value"], row.get("time_unit")) for row in rows}) > 1 for _, rows in by_channel)


def _channel_of(row: dict[str, Any]) -> str:
    return str(row.get("channel", ""))


_NAMES_FEE = re.compile(r"phí|\bđồng\b|vnđ|mức thu|hội đồng nhân dân|hđnd|tt-btc", re.IGNORECASE)
_DENIES_FEE = re.compile(
    r"[-+\s(]*(không (thu|quy định|có)|chưa quy định|miễn (phí|lệ phí)[\s.)]*$)", re.IGNORECASE
)


def _zero_fee_named(content: Content) -> bool:
    notes = (fee.get("note", "") for fee in _fees(content) if fee.get("amount") == 0)
    return any(_NAMES_FEE.search(note) and not _DENIES_FEE.match(note) for note in notes)


def _fee_is_absurd(content: Content) -> bool:
    dong = (fee for fee in _fees(content) if fee.get("currency", "VND") == "VND")
    return any(0 < fee.get("amount", 0) < SMALLEST_FEE_DONG for fee in dong)


_AMOUNT = re.compile(r"\b(\d{1,3}(?:\.\d{3})+)\s*(?:đồng|vnđ|đ\b)", re.IGNORECASE)


def _fee_disagrees(content: Content) -> bool:
    for fee in _fees(content):
        named = {int(amount.replace(".", "")) for amount in _AMOUNT.findall(fee.get("note", ""))}
        if named and fee.get("amount") and fee["amount"] not in named:
            return True
    return False


_CUT_IN_NUMBER = re.compile(r"(?:^|\D)0$")
_TAIL = re.compile(r"^[.,;:)]")


def _count_is_ambiguous(content: Content) -> bool:
    """A list torn at "01 bản": one line ends with the 0, the next one begins with what followed."""
    return any(_CUT_IN_NUMBER.search(name) or _TAIL.match(name) for name in _paper_names(content))


def _paper_names(content: Content) -> Iterator[str]:
    return (paper.get("name", "") for paper in _papers(content))


_HEADING = re.compile(r"(giấy tờ phải|lưu ý|ghi chú|thành phần|hồ sơ (gồm|bao gồm)|bao gồm)", re.IGNORECASE)


def _heading_is_case(content: Content) -> bool:
    names = [group.get("case", "") for group in content.get("documents", [])]
    return any(_HEADING.match(name) or len(name) > LONGEST_CASE for name in names)


def _paragraph_is_paper(content: Content) -> bool:
    return any(len(name) > LONGEST_PAPER_NAME for name in _paper_names(content))


def _names_district(content: Content) -> bool:
    return any("huyện" in text.lower() for text in _texts(content))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


_WHOLE_TITLE = re.compile(
    r"[“\"'(A-ZÀ-ỸĐ]|(quy|quyết) định|sửa đổi|bổ sung|hướng dẫn|ban hành|bãi bỏ|phân cấp|về "
    r"|nghị|thông tư|luật"
)


def _law_title_is_torn(content: Content) -> bool:
    """A title that begins inside a word or a date ("hị định", "ngày 20/4/2018"), or ends before a number."""
    titles = (law.get("title", "") for law in content.get("legal_basis", []))
    return any(title and (not _WHOLE_TITLE.match(title) or title.endswith(" số")) for title in titles)


def _lacks_agency(content: Content) -> bool:
    return not content.get("agencies")


def _decision_is_trial(content: Content) -> bool:
    return bool(re.match(r"(demo|test)\b", content.get("decision", ""), re.IGNORECASE))


_FINDERS: dict[Defect, Callable[[Content], bool]] = {
    Defect.LIST_ROW_ONLY: _is_list_row,
    Defect.UNIT_MISSING: _lacks_unit,
    Defect.TIME_MISSING: _lacks_time,
    Defect.TIME_VARIES: _has_several_times,
    Defect.FEE_ZERO_NAMED: _zero_fee_named,
    Defect.FEE_ABSURD: _fee_is_absurd,
    Defect.FEE_DISAGREES: _fee_disagrees,
    Defect.COUNT_AMBIGUOUS: _count_is_ambiguous,
    Defect.HEADING_AS_CASE: _heading_is_case,
    Defect.PARAGRAPH_AS_PAPER: _paragraph_is_paper,
    Defect.DISTRICT_NAMED: _names_district,
    Defect.LAW_TITLE_TORN: _law_title_is_torn,
    Defect.AGENCY_MISSING: _lacks_agency,
    Defect.TRIAL_DECISION: _decision_is_trial,
}
