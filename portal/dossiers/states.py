"""The words of a dossier's life: statuses, steps, moves and choices."""

from portal.ground.words import N_, Labelled


class Status(Labelled):
    """The ten national statuses (TrangThaiHoSo, DOMAIN 5.1)."""

    SUBMITTED = "submitted", N_("Mới đăng ký"), 1
    ACCEPTED = "accepted", N_("Được tiếp nhận"), 2
    NOT_ACCEPTED = "not_accepted", N_("Không được tiếp nhận"), 3
    IN_PROGRESS = "in_progress", N_("Đang xử lý"), 4
    AWAITING_SUPPLEMENT = "awaiting_supplement", N_("Yêu cầu bổ sung giấy tờ"), 5
    AWAITING_PAYMENT = "awaiting_payment", N_("Yêu cầu thực hiện nghĩa vụ tài chính"), 6
    WITHDRAWN = "withdrawn", N_("Công dân yêu cầu rút hồ sơ"), 7
    STOPPED = "stopped", N_("Dừng xử lý"), 8
    FINISHED = "finished", N_("Đã xử lý xong"), 9
    RETURNED = "returned", N_("Đã trả kết quả"), 10


FINAL = (Status.NOT_ACCEPTED, Status.WITHDRAWN, Status.RETURNED)
"""Statuses that no move leaves."""


class Step(Labelled):
    """Where a dossier in progress stands inside its office: the steps of its workflow that are status 4."""

    APPRAISAL = "appraisal", N_("Thẩm tra")
    SIGNING = "signing", N_("Trình ký")
    ISSUING = "issuing", N_("Vào số, phát hành")


class PauseGround(Labelled):
    """Why the clock stands (R18)."""

    SUPPLEMENT = "supplement", N_("Dừng tính giờ: chờ người nộp bổ sung")
    PAYMENT = "payment", N_("Dừng tính giờ: chờ nghĩa vụ tài chính")
    STOP = "stop", N_("Dừng tính giờ: hồ sơ dừng xử lý")


class Lack(Labelled):
    """What an office waited for in vain, when it gives up waiting."""

    SUPPLEMENT = "supplement", N_("chưa nhận được bổ sung")
    PAYMENT = "payment", N_("chưa nhận đủ tiền")


class Move(Labelled):
    """What can happen to a dossier; the label is the verb of its button (DOMAIN 2.3)."""

    SUBMIT = "submit", N_("Nộp hồ sơ")
    ANNOUNCE = "announce", N_("Đăng ký gửi qua bưu điện")
    INTAKE = "intake", N_("Nhận hồ sơ tại quầy")
    RECEIVE_PAPERS = "receive_papers", N_("Nhận đủ giấy tại quầy")
    ASK_SUPPLEMENT = "ask_supplement", N_("Yêu cầu bổ sung")
    ANSWER = "answer", N_("Bổ sung giấy tờ")
    PREPAY = "prepay", N_("Yêu cầu nộp phí trước")
    CHARGE = "charge", N_("Yêu cầu nghĩa vụ tài chính")
    PAY = "pay", N_("Nộp đủ tiền")
    REFUSE = "refuse", N_("Từ chối tiếp nhận")
    ACCEPT = "accept", N_("Tiếp nhận")
    FORWARD = "forward", N_("Chuyển xử lý")
    ASSIGN = "assign", N_("Phân công")
    TAKE_OVER = "take_over", N_("Nhận việc")
    CONSULT = "consult", N_("Lấy ý kiến cơ quan khác")
    OPINE = "opine", N_("Cho ý kiến")
    LINK = "link", N_("Mở hồ sơ liên thông")
    SEND_DRAFT = "send_draft", N_("Gửi bản nháp cho người dân xem")
    CONFIRM_DRAFT = "confirm_draft", N_("Xác nhận bản nháp")
    OBJECT_DRAFT = "object_draft", N_("Báo bản nháp sai")
    PROPOSE = "propose", N_("Trình lãnh đạo ký")
    SEND_BACK = "send_back", N_("Trả lại chuyên viên")
    SIGN = "sign", N_("Ký duyệt")
    FINISH = "finish", N_("Vào số, báo có kết quả")
    HAND_OVER = "hand_over", N_("Trả kết quả")
    RECALL = "recall", N_("Thu hồi kết quả để làm lại")
    EXTEND = "extend", N_("Xin lỗi và hẹn lại")
    POSTPONE = "postpone", N_("Dời hẹn theo lịch mới")
    STOP = "stop", N_("Dừng xử lý")
    RESUME = "resume", N_("Xử lý tiếp")
    GIVE_UP = "give_up", N_("Dừng vì chờ quá thời gian")
    CLOSE = "close", N_("Kết thúc hồ sơ đã dừng")
    END_LINKED = "end_linked", N_("Kết thúc theo hồ sơ chính")
    WITHDRAW = "withdraw", N_("Rút hồ sơ")


class Delivery(Labelled):
    """How the result is received (HinhThucTra knows only in person 0 and by post 1)."""

    DESK = "desk", N_("Nhận tại quầy"), 0
    POST = "post", N_("Bưu tá phát tận tay"), 1
    ONLINE = "online", N_("Bản điện tử"), 0


class PaperKind(Labelled):
    """Whose file it is."""

    SUBMITTED = "submitted", N_("Giấy tờ nộp")
    RESULT = "result", N_("Kết quả giải quyết")


class Fault(Labelled):
    """Why a paper is asked for again; the words in detail stand beside it."""

    MISSING = "missing", N_("Thiếu giấy này")
    BLURRED = "blurred", N_("Mờ, không đọc được")
    MISSING_PAGE = "missing_page", N_("Thiếu trang")
    WRONG_KIND = "wrong_kind", N_("Sai loại giấy")
    EXPIRED = "expired", N_("Hết hạn")
    WRONG_FIELD = "wrong_field", N_("Lời khai chưa khớp")


class Evidence(Labelled):
    """What proves that a result reached its owner (R24)."""

    SIGNATURE = "signature", N_("Người nhận ký tại quầy")
    DELIVERY = "delivery", N_("Bưu tá phát, có mã nhận")
    DOWNLOAD = "download", N_("Tải bản điện tử")


class BlockerKind(Labelled):
    """What keeps a dossier from being accepted; written by whoever knows, read by the move table."""

    PAPERS_ON_THE_WAY = "papers_on_the_way", N_("Giấy tờ đang trên đường bưu điện, chưa đến quầy.")
    PAPERS_TO_BRING = "papers_to_bring", N_("Người nộp chưa mang giấy tờ đến quầy.")
    UNPAID = "unpaid", N_("Chưa nộp đủ phí, lệ phí.")
    RESULT_OUT = "result_out", N_("Kết quả đã niêm phong giao bưu điện.")


class Look(Labelled):
    """What of a dossier somebody looked at."""

    PAGE = "page", N_("Xem hồ sơ")
    FILE = "file", N_("Mở giấy tờ")
    IDENTITY = "identity", N_("Hiện số giấy tờ tùy thân")
    STOP = "stop", N_("Mở địa chỉ để lấy hoặc phát")
    SEARCH = "search", N_("Tìm bằng số điện thoại")
    REGISTER = "register", N_("Tra cứu cơ sở dữ liệu quốc gia")
