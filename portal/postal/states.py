"""The words of the post: directions, purposes, states, reasons, holders."""

from portal.ground.words import N_, Labelled


class Direction(Labelled):
    """Which way an envelope travels."""

    PICKUP = "pickup", N_("Lấy hồ sơ")
    RETURN = "return", N_("Phát tận nhà")


class Purpose(Labelled):
    """What an order is for; the direction follows from it."""

    PAPERS = "papers", N_("Lấy giấy tờ")
    SUPPLEMENT = "supplement", N_("Lấy giấy bổ sung")
    RESULT = "result", N_("Phát kết quả")
    PAPERS_BACK = "papers_back", N_("Trả lại giấy tờ")

    @property
    def direction(self) -> Direction:
        """Which way its envelope travels."""
        return Direction.PICKUP if self in (Purpose.PAPERS, Purpose.SUPPLEMENT) else Direction.RETURN


class OrderState(Labelled):
    """How far an order is; where its envelope lies is custody, not state."""

    REQUESTED = "requested", N_("Chờ xếp tuyến")
    ASSIGNED = "assigned", N_("Đã giao bưu tá")
    COLLECTED = "collected", N_("Đã lấy, đang đến quầy")
    DONE = "done", N_("Đã xong")
    CANCELLED = "cancelled", N_("Đã hủy")


CLOSED = (OrderState.DONE, OrderState.CANCELLED)
"""States of an order that asks nothing more of anybody."""


class Outcome(Labelled):
    """How a stop ended."""

    COLLECTED = "collected", N_("Đã lấy")
    DELIVERED = "delivered", N_("Đã phát")
    FAILED = "failed", N_("Không được")
    TAKEN_OFF = "taken_off", N_("Đã rút khỏi tuyến")


class Failure(Labelled):
    """Why nothing was collected or delivered at the door (PRODUCT D6)."""

    ABSENT = "absent", N_("Vắng nhà")
    WRONG_ADDRESS = "wrong_address", N_("Sai hoặc không tìm thấy địa chỉ")
    NOT_READY = "not_ready", N_("Giấy tờ chưa chuẩn bị xong")
    REFUSED = "refused", N_("Người dân đổi ý")
    NO_PROOF = "no_proof", N_("Người nhận không đọc được mã nhận")
    NO_ACCESS = "no_access", N_("Không vào được (mưa ngập, rào chắn)")


class MissingReason(Labelled):
    """Why fewer sheets than the checklist says were given at the door (R5)."""

    NOT_YET = "not_yet", N_("Người dân chưa có")
    SENT_AS_PHOTO = "sent_as_photo", N_("Sẽ gửi ảnh trên mạng")
    KEEPS_ORIGINAL = "keeps_original", N_("Không muốn đưa bản chính")


class PaperForm(Labelled):
    """In what form a paper of the checklist travels."""

    ORIGINAL = "original", N_("Bản chính")
    COPY = "copy", N_("Bản sao")
    CERTIFIED_COPY = "certified_copy", N_("Bản sao chứng thực")


class HolderKind(Labelled):
    """Who can hold an envelope."""

    CITIZEN = "citizen", N_("Người dân")
    CARRIER = "carrier", N_("Bưu tá")
    POST_OFFICE = "post_office", N_("Bưu cục")
    DESK = "desk", N_("Quầy Một Cửa")


class Exemption(Labelled):
    """Who pays no postage (TT 22/2017/TT-BTTTT); the carrier looks at the proof at the door."""

    REVOLUTIONARY = "revolutionary", N_("Người hoạt động cách mạng trước năm 1945")
    HEROIC_MOTHER = "heroic_mother", N_("Bà mẹ Việt Nam anh hùng")


class OrderMove(Labelled):
    """What can happen to an order, as its ledger says it."""

    REQUEST = "request", N_("Đặt đơn")
    ASSIGN = "assign", N_("Giao bưu tá")
    MOVE_UP = "move_up", N_("Đưa lên trước")
    TAKE_OFF = "take_off", N_("Rút khỏi tuyến")
    OPEN = "open", N_("Mở điểm")
    FAIL = "fail", N_("Không được")
    TAKE_ALONG = "take_along", N_("Bưu tá mang đi")
    CLOSE = "close", N_("Xong")
    CANCEL = "cancel", N_("Hủy")


class EnvelopeMove(Labelled):
    """What can happen to an envelope, as its ledger says it."""

    SEAL = "seal", N_("Niêm phong")
    COLLECT = "collect", N_("Người dân giao bưu tá")
    OFFER = "offer", N_("Đưa bàn giao")
    TAKE_BACK = "take_back", N_("Rút lại")
    HAND_OVER = "hand_over", N_("Bàn giao")
    DELIVER = "deliver", N_("Phát tận tay")
    GIVE_BACK = "give_back", N_("Trả tại quầy")
    RECLAIM = "reclaim", N_("Thu lại của bưu tá đã thôi vai")
