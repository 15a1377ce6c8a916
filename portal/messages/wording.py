"""What is said about each move and alarm, as message ids with blanks to fill. Words only."""

from dataclasses import dataclass

from portal.dossiers.models import AlarmKind
from portal.dossiers.states import Lack, Move
from portal.ground.words import N_
from portal.postal.states import Direction, EnvelopeMove, OrderMove


@dataclass(frozen=True)
class Words:
    """The subject and the text of a message, both message ids."""

    subject: str
    text: str


MOVES: dict[Move, Words] = {
    Move.SUBMIT: Words(
        N_("Đã nhận hồ sơ nộp trên mạng, mã %(code)s"),
        N_("Bạn đã nộp hồ sơ %(procedure)s đến %(office)s. Mã tạm để tra cứu: %(code)s."),
    ),
    Move.ANNOUNCE: Words(
        N_("Đã nhận đăng ký gửi qua bưu điện, mã %(code)s"),
        N_("Bạn đã đăng ký gửi hồ sơ %(procedure)s qua bưu điện đến %(office)s. Mã tạm: %(code)s."),
    ),
    Move.INTAKE: Words(
        N_("Quầy Một Cửa đã nhận hồ sơ giấy, mã %(code)s"),
        N_("Quầy của %(office)s đã nhận hồ sơ giấy %(procedure)s của bạn."),
    ),
    Move.RECEIVE_PAPERS: Words(
        N_("Giấy tờ của hồ sơ %(code)s đã đến quầy"),
        N_("Giấy tờ của hồ sơ %(procedure)s đã đến quầy của %(office)s; thời hạn tính từ lúc này."),
    ),
    Move.ASK_SUPPLEMENT: Words(
        N_("Hồ sơ %(code)s cần bạn bổ sung"),
        N_("%(office)s cần bạn bổ sung hồ sơ %(procedure)s. Mở hồ sơ để xem cần gì và gửi ngay."),
    ),
    Move.ANSWER: Words(
        N_("Đã nhận phần bổ sung của hồ sơ %(code)s"),
        N_("%(office)s đã nhận phần bổ sung của hồ sơ %(procedure)s."),
    ),
    Move.REFUSE: Words(
        N_("Hồ sơ %(code)s không được tiếp nhận"),
        N_("%(office)s không tiếp nhận hồ sơ %(procedure)s. Lý do: %(reason)s"),
    ),
    Move.ACCEPT: Words(
        N_("Hồ sơ %(code)s đã được tiếp nhận"),
        N_("%(office)s đã tiếp nhận hồ sơ %(procedure)s, mã %(code)s. Hẹn trả kết quả: %(due)s."),
    ),
    Move.PREPAY: Words(
        N_("Hồ sơ %(code)s cần nộp phí trước khi tiếp nhận"),
        N_("%(office)s cần bạn nộp %(amount)s cho hồ sơ %(procedure)s trước khi tiếp nhận."),
    ),
    Move.CHARGE: Words(
        N_("Hồ sơ %(code)s có nghĩa vụ tài chính"),
        N_("Hồ sơ %(procedure)s cần bạn nộp %(amount)s; thời hạn dừng tính cho đến khi nộp đủ."),
    ),
    Move.PAY: Words(
        N_("Đã nhận đủ tiền của hồ sơ %(code)s"),
        N_("%(office)s đã nhận đủ tiền; hồ sơ %(procedure)s được giải quyết tiếp."),
    ),
    Move.CONSULT: Words(
        N_("Hồ sơ %(code)s đang lấy ý kiến cơ quan khác"),
        N_("%(office)s đang hỏi ý kiến một cơ quan phối hợp về hồ sơ %(procedure)s. Bạn không phải làm gì."),
    ),
    Move.OPINE: Words(
        N_("Hồ sơ %(code)s đã có ý kiến của cơ quan phối hợp"),
        N_("Cơ quan phối hợp đã cho ý kiến về hồ sơ %(procedure)s."),
    ),
    Move.LINK: Words(
        N_("Hồ sơ %(code)s có phần việc ở cơ quan khác"),
        N_("%(office)s đã mở một hồ sơ liên thông cho hồ sơ %(procedure)s; theo dõi trên cùng một trang."),
    ),
    Move.SEND_DRAFT: Words(
        N_("Hồ sơ %(code)s chờ bạn xem bản nháp"),
        N_("Hãy xem bản nháp kết quả hồ sơ %(procedure)s trong một ngày; không báo sai thì coi như đúng."),
    ),
    Move.CONFIRM_DRAFT: Words(
        N_("Bản nháp của hồ sơ %(code)s đã được xác nhận"),
        N_("Bản nháp kết quả hồ sơ %(procedure)s đã được xác nhận; %(office)s làm tiếp."),
    ),
    Move.OBJECT_DRAFT: Words(
        N_("Đã nhận báo sai bản nháp của hồ sơ %(code)s"),
        N_("%(office)s đã nhận điều bạn báo sai trong bản nháp và làm lại bản khác."),
    ),
    Move.RECALL: Words(
        N_("Kết quả của hồ sơ %(code)s được làm lại"),
        N_("%(office)s thu hồi kết quả hồ sơ %(procedure)s chưa trả để làm lại. Lý do: %(reason)s"),
    ),
    Move.EXTEND: Words(
        N_("Xin lỗi và hẹn lại ngày trả, hồ sơ %(code)s"),
        N_("%(office)s xin lỗi vì trả chậm hồ sơ %(procedure)s. Hẹn lại: %(new_due)s. Lý do: %(reason)s"),
    ),
    Move.POSTPONE: Words(
        N_("Lịch làm việc đổi: ngày hẹn trả hồ sơ %(code)s dời sang ngày khác"),
        N_(
            "Ngày hẹn trả hồ sơ %(procedure)s ở %(office)s dời từ %(old_due)s sang %(new_due)s,"
            " vì lịch làm việc đổi theo: %(reason)s"
        ),
    ),
    Move.STOP: Words(
        N_("Hồ sơ %(code)s dừng giải quyết"),
        N_("%(office)s dừng giải quyết hồ sơ %(procedure)s. Lý do: %(reason)s"),
    ),
    Move.RESUME: Words(
        N_("Hồ sơ %(code)s được giải quyết tiếp"),
        N_("%(office)s giải quyết tiếp hồ sơ %(procedure)s. Hẹn trả kết quả: %(new_due)s."),
    ),
    Move.GIVE_UP: Words(
        N_("Hồ sơ %(code)s dừng vì chờ quá thời gian"),
        N_("%(office)s dừng giải quyết hồ sơ %(procedure)s vì hết thời gian chờ. Lý do: %(reason)s"),
    ),
    Move.CLOSE: Words(
        N_("Hồ sơ %(code)s đã kết thúc"),
        N_("%(office)s kết thúc hồ sơ %(procedure)s đã dừng. Lý do: %(reason)s"),
    ),
    Move.END_LINKED: Words(
        N_("Hồ sơ %(code)s đã kết thúc theo hồ sơ chính"),
        N_("%(office)s kết thúc hồ sơ %(procedure)s vì hồ sơ chính đã kết thúc. Lý do: %(reason)s"),
    ),
    Move.FORWARD: Words(
        N_("Hồ sơ %(code)s đã chuyển chuyên viên thẩm tra"),
        N_("Hồ sơ %(procedure)s đã được chuyển cho chuyên viên của %(office)s."),
    ),
    Move.PROPOSE: Words(
        N_("Hồ sơ %(code)s đã trình lãnh đạo ký"),
        N_("Hồ sơ %(procedure)s đã thẩm tra xong và được trình lãnh đạo của %(office)s."),
    ),
    Move.SEND_BACK: Words(
        N_("Hồ sơ %(code)s được thẩm tra lại"),
        N_("Lãnh đạo của %(office)s yêu cầu thẩm tra lại hồ sơ %(procedure)s. Bạn không phải làm gì."),
    ),
    Move.SIGN: Words(
        N_("Kết quả của hồ sơ %(code)s đã được ký"),
        N_("Lãnh đạo của %(office)s đã ký kết quả hồ sơ %(procedure)s; văn thư đang vào số."),
    ),
    Move.FINISH: Words(
        N_("Hồ sơ %(code)s đã có kết quả"),
        N_("Hồ sơ %(procedure)s đã có kết quả. Cách nhận bạn đã chọn: %(delivery)s."),
    ),
    Move.HAND_OVER: Words(
        N_("Đã trả kết quả của hồ sơ %(code)s"),
        N_("Kết quả hồ sơ %(procedure)s đã được trả. Nếu không phải bạn nhận, hãy gọi ngay cho chúng tôi."),
    ),
    Move.WITHDRAW: Words(
        N_("Hồ sơ %(code)s đã được rút"),
        N_("Hồ sơ %(procedure)s đã được rút theo yêu cầu của bạn."),
    ),
}
"""What each move of a dossier says to its people."""

AND = "+"
"""Between a move and its shade."""

OTHER = "other"
"""The shade of an apology for what another office let take too long."""

SHADES: dict[str, Words] = {
    f"{Move.ASK_SUPPLEMENT}{AND}{Move.REFUSE}": Words(
        MOVES[Move.ASK_SUPPLEMENT].subject,
        N_(
            "%(office)s cần bạn bổ sung hồ sơ %(procedure)s trước %(answer_until)s; quá hạn thì cơ quan"
            " có thể từ chối tiếp nhận. Mở hồ sơ để xem cần gì và gửi ngay."
        ),
    ),
    f"{Move.ASK_SUPPLEMENT}{AND}{Move.GIVE_UP}": Words(
        MOVES[Move.ASK_SUPPLEMENT].subject,
        N_(
            "%(office)s cần bạn bổ sung hồ sơ %(procedure)s trước %(answer_until)s; quá hạn thì cơ quan"
            " có thể dừng giải quyết. Mở hồ sơ để xem cần gì và gửi ngay."
        ),
    ),
    f"{Move.GIVE_UP}{AND}{Lack.SUPPLEMENT}": Words(
        N_("Hồ sơ %(code)s dừng vì chưa được bổ sung"),
        N_("%(office)s dừng giải quyết hồ sơ %(procedure)s vì không nhận được bổ sung. Lý do: %(reason)s"),
    ),
    f"{Move.GIVE_UP}{AND}{Lack.PAYMENT}": Words(
        N_("Hồ sơ %(code)s dừng vì chưa nộp đủ tiền"),
        N_("%(office)s dừng giải quyết hồ sơ %(procedure)s vì không nhận đủ tiền. Lý do: %(reason)s"),
    ),
    f"{Move.EXTEND}{AND}{OTHER}": Words(
        N_("Xin lỗi và hẹn lại ngày trả, hồ sơ %(code)s"),
        N_(
            "%(office)s xin lỗi vì trả chậm hồ sơ %(procedure)s; phần việc chậm ở %(at_fault)s."
            " Hẹn lại: %(new_due)s. Lý do: %(reason)s"
        ),
    ),
}
"""What a move says in a shade: what was waited for, who was at fault (R21), what may follow. Else, MOVES."""

QUIET = (Move.ASSIGN, Move.TAKE_OVER)
"""Moves inside the office that its people need no message about; the timeline shows them."""

_ASSIGNED = N_("Bưu tá hẹn đến ngày %(day)s, hồ sơ %(code)s")
_FAILED = N_("Bưu tá đến nhưng chưa gặp, hồ sơ %(code)s")
_CANCELLED = N_("Đã hủy đơn bưu điện của hồ sơ %(code)s")
_GIVEN_BACK = N_("Đã trả giấy tờ của hồ sơ %(code)s")

POST: dict[tuple[str, Direction], Words] = {
    (OrderMove.ASSIGN, Direction.PICKUP): Words(
        _ASSIGNED, N_("Bưu tá sẽ đến lấy giấy tờ của hồ sơ %(procedure)s ngày %(day)s. Hãy chuẩn bị đủ giấy.")
    ),
    (OrderMove.ASSIGN, Direction.RETURN): Words(
        _ASSIGNED,
        N_("Bưu tá sẽ phát kết quả hồ sơ %(procedure)s ngày %(day)s. Mã nhận nằm trên trang hồ sơ của bạn."),
    ),
    (OrderMove.FAIL, Direction.PICKUP): Words(
        _FAILED, N_("Bưu tá đã đến nhưng chưa lấy được giấy tờ: %(failure)s. Bưu cục sẽ xếp lần nữa.")
    ),
    (OrderMove.FAIL, Direction.RETURN): Words(
        _FAILED, N_("Bưu tá đã đến nhưng chưa phát được: %(failure)s. Bưu cục sẽ xếp lần nữa.")
    ),
    (OrderMove.CANCEL, Direction.PICKUP): Words(
        _CANCELLED, N_("Bưu tá sẽ không đến lấy giấy tờ của hồ sơ %(procedure)s.")
    ),
    (OrderMove.CANCEL, Direction.RETURN): Words(
        _CANCELLED, N_("Bưu tá sẽ không phát kết quả của hồ sơ %(procedure)s.")
    ),
    (EnvelopeMove.COLLECT, Direction.PICKUP): Words(
        N_("Bưu tá đã nhận giấy tờ của hồ sơ %(code)s"),
        N_("Bưu tá đã nhận %(sheets)s tờ, niêm phong số %(seal)s, đang mang đến %(office)s."),
    ),
    (EnvelopeMove.DELIVER, Direction.RETURN): Words(
        _GIVEN_BACK, N_("Bưu tá đã trả giấy tờ của hồ sơ %(procedure)s tận tay.")
    ),
    (EnvelopeMove.GIVE_BACK, Direction.PICKUP): Words(
        _GIVEN_BACK, N_("Quầy của %(office)s đã trả giấy tờ của hồ sơ %(procedure)s.")
    ),
}
"""What moves of the post say; the other ones only repeat something."""

ALARMS: dict[AlarmKind, Words] = {
    AlarmKind.WAITING_3: Words(
        N_("Nhắc: hồ sơ %(code)s đang chờ bạn"),
        N_("%(office)s chưa nhận được phần bổ sung hoặc tiền nộp của hồ sơ %(procedure)s. Mở hồ sơ để xem."),
    ),
    AlarmKind.WAITING_7: Words(
        N_("Nhắc lần hai: hồ sơ %(code)s đang chờ bạn"),
        N_("%(office)s vẫn chờ bạn; hết thời gian chờ thì hồ sơ %(procedure)s có thể bị dừng giải quyết."),
    ),
    AlarmKind.PARENT_ENDED: Words(
        N_("Hồ sơ chính đã kết thúc, hồ sơ %(code)s còn đang giải quyết"),
        N_(
            "Hồ sơ chính kết thúc lúc %(since)s. %(office)s vẫn đang giải quyết hồ sơ %(procedure)s;"
            " không cần nữa thì bạn rút hồ sơ này."
        ),
    ),
    AlarmKind.LATE: Words(
        N_("Xin lỗi: hồ sơ %(code)s đã quá hạn"),
        N_("%(office)s xin lỗi vì hồ sơ %(procedure)s quá hạn từ %(since)s. Cơ quan vẫn phải trả kết quả."),
    ),
}
"""What alarms say to the people of a dossier; the other ones are the office's own business."""

REASON = "%(reason)s"
"""The blank for what an official wrote to the people of the dossier."""

SEPARATOR = "/"

LEDGER, ALARM = "ledger", "alarm"
"""Where a message may come from."""


def topic_of(move: str, direction: Direction | None = None, shade: str = "") -> str:
    """The word under which a message keeps what it is about; the direction for a move of the post."""
    if direction:
        return f"{direction}{SEPARATOR}{move}"
    return f"{move}{AND}{shade}" if shade else move


def tells_reason(topic: str) -> bool:
    """Whether the words of a topic hold its reason; others are written inside the office, for the office."""
    return REASON in words_of(topic).text


def words_of(topic: str) -> Words:
    """The words of a message's topic."""
    direction, _, move = topic.rpartition(SEPARATOR)
    if direction == ALARM:
        return ALARMS[AlarmKind(move)]
    if direction:
        return POST[move, Direction(direction)]
    return SHADES[topic] if topic in SHADES else MOVES[Move(move)]
