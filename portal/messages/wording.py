"""What is said about each move, as message ids with blanks to fill. Words only."""

from dataclasses import dataclass

from portal.dossiers.states import Move
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

SEPARATOR = "/"


def topic_of(move: str, direction: Direction | None = None) -> str:
    """The word under which a message keeps what it is about; the direction for a move of the post."""
    return f"{direction}{SEPARATOR}{move}" if direction else move


def words_of(topic: str) -> Words:
    """The words of a message's topic."""
    direction, _, move = topic.rpartition(SEPARATOR)
    return POST[move, Direction(direction)] if direction else MOVES[Move(move)]
