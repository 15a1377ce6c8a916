"""How each move of the desk looks: its route, its words, its button. Data only."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.dossiers.states import Move, Status
from portal.web.i18n import _l


@dataclass(frozen=True)
class Shape:
    """How a move looks: its route, what stands over its form, its button, its icon; tone son for refusing."""

    endpoint: str
    lead: str
    button: str
    icon: str
    tone: str = ""


SHAPES: Mapping[Move, Shape] = {
    Move.RECEIVE_PAPERS: Shape(
        ".receive_papers", _l("Đếm từng giấy đã đến quầy; thời hạn tính từ lúc này."),
        _l("Xác nhận đã nhận giấy"), "inbox",
    ),
    Move.ACCEPT: Shape(
        ".accept", _l("Cấp mã chính thức và ngày hẹn trả."), _l("Tiếp nhận và cấp giấy hẹn"), "check"
    ),
    Move.ANSWER: Shape(
        ".answer", _l("Ghi điều người dân mang đến quầy."), _l("Ghi nhận bổ sung"), "inbox"
    ),
    Move.FORWARD: Shape(
        ".forward", _l("Chuyển trong ngày; nhận sau 15:00 thì chậm nhất đầu giờ hôm sau."),
        _l("Chuyển chuyên viên"), "right",
    ),
    Move.PAY: Shape(
        ".pay", _l("Tiền mặt thu ở ô Phí, lệ phí thì hồ sơ tự đi tiếp; ở đây ghi khoản nộp bằng cách khác."),
        _l("Ghi nhận nộp đủ"), "coin",
    ),
    Move.OPINE: Shape(
        ".opine", _l("Cơ quan giải quyết đọc ý kiến này; người dân chỉ biết đã có ý kiến."),
        _l("Gửi ý kiến"), "chat",
    ),
    Move.SEND_DRAFT: Shape(
        ".send_draft", _l("Người dân có một ngày để xem; không báo sai thì coi như đúng."),
        _l("Gửi bản nháp"), "doc",
    ),
    Move.PROPOSE: Shape(".propose", "", _l("Trình lãnh đạo ký"), "pen"),
    Move.SIGN: Shape(".sign", _l("Xem bản dự thảo trước khi ký."), _l("Ký và chuyển văn thư"), "pen"),
    Move.FINISH: Shape(
        ".finish", _l("Vào số xong, thời hạn ngừng tính."), _l("Vào số, báo có kết quả"), "stamp"
    ),
    Move.HAND_OVER: Shape(".hand_over", "", _l("Trao kết quả"), "hand"),
    Move.ASSIGN: Shape(".assign", "", _l("Giao hồ sơ"), "user"),
    Move.RESUME: Shape(
        ".resume", _l("Hồ sơ về thẩm tra; phần thời hạn còn lại tính tiếp."), _l("Xử lý tiếp"), "right"
    ),
    Move.TAKE_OVER: Shape(
        ".take_over", _l("Hồ sơ sang tên bạn; việc chuyển ghi vào lịch sử."), _l("Nhận việc này"), "user"
    ),
    Move.CONSULT: Shape(
        ".consult", _l("Cơ quan được hỏi có hạn riêng; hết hạn thì trình ký được mà không chờ."),
        _l("Gửi câu hỏi"), "chat",
    ),
    Move.LINK: Shape(
        ".link", _l("Chủ hồ sơ và số giấy tờ lấy từ hồ sơ này; cơ quan kia tiếp nhận như mọi hồ sơ."),
        _l("Mở hồ sơ liên thông"), "plus",
    ),
    Move.PREPAY: Shape(
        ".prepay", _l("Nộp đủ thì hồ sơ trở lại chờ tiếp nhận."), _l("Yêu cầu nộp trước"), "coin"
    ),
    Move.CHARGE: Shape(
        ".charge", _l("Đồng hồ dừng cho đến khi nộp đủ."), _l("Gửi yêu cầu nộp tiền"), "coin"
    ),
    Move.EXTEND: Shape(
        ".extend", _l("Chỉ một lần, trước ngày hẹn; chỉ chọn được ngày làm việc."),
        _l("Xin lỗi và hẹn lại (mẫu 04)"), "cal",
    ),
    Move.SEND_BACK: Shape(".send_back", "", _l("Trả lại chuyên viên"), "back"),
    Move.ASK_SUPPLEMENT: Shape(
        ".ask_supplement", _l("Chỉ giấy trong danh mục đã công bố; ghi một lần cho đủ."),
        _l("Gửi phiếu bổ sung (mẫu 02)"), "back",
    ),
    Move.RECALL: Shape(
        ".recall", _l("Kết quả này không trao nữa; hồ sơ về thẩm tra."), _l("Thu hồi kết quả"), "back", "son"
    ),
    Move.REFUSE: Shape(".refuse", "", _l("Từ chối (mẫu 03)"), "x", "son"),
    Move.GIVE_UP: Shape(
        ".give_up", _l("Đã nhắc hai lần mà chưa nhận được bổ sung."), _l("Dừng vì chưa bổ sung"), "x", "son"
    ),
    Move.STOP: Shape(
        ".stop", _l("Đồng hồ dừng; người dân đọc được lý do và vẫn rút được hồ sơ."),
        _l("Dừng xử lý hồ sơ"), "x", "son",
    ),
    Move.CLOSE: Shape(
        ".close", _l("Không xử lý tiếp được nữa; đơn bưu tá chưa lấy giấy được hủy."),
        _l("Kết thúc hồ sơ"), "x", "son",
    ),
    Move.END_LINKED: Shape(
        ".end_linked", _l("Hồ sơ chính đã kết thúc; hỏi người dân trước: có thể họ vẫn cần hồ sơ này."),
        _l("Kết thúc theo hồ sơ chính"), "x", "son",
    ),
}  # fmt: skip
"""The moves of the desk in the order of the page: the way forward first, the ways aside after it."""

UNPAID = Shape(
    ".give_up", _l("Đã nhắc hai lần mà chưa nộp đủ tiền."), _l("Dừng vì chưa nộp tiền"), "x", "son"
)

IN_STATUS: Mapping[tuple[Move, Status], Shape] = {(Move.GIVE_UP, Status.AWAITING_PAYMENT): UNPAID}
"""Moves that look otherwise in a status."""


def shape_of(move: Move, status: Status) -> Shape:
    """How *move* looks on a dossier in *status*."""
    return IN_STATUS.get((move, status), SHAPES[move])


ASIDE = (
    Move.TAKE_OVER, Move.CONSULT, Move.LINK, Move.PREPAY, Move.CHARGE, Move.EXTEND, Move.SEND_BACK,
    Move.ASK_SUPPLEMENT, Move.RECALL, Move.REFUSE, Move.GIVE_UP, Move.STOP, Move.CLOSE,
    Move.END_LINKED,
)  # fmt: skip
"""Moves that nobody makes without having looked for a reason; none of them is unfolded beforehand."""
