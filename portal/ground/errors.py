"""The error family: each carries the Vietnamese sentence a person reads and its HTTP status."""

from collections.abc import Mapping
from typing import Any

from portal.ground.words import N_


class PortalError(Exception):
    """Base of every error a person may see; *message* is a message id, filled with *params* when shown."""

    status = 400
    title = ""
    """Over the sentence; empty for the usual title of the status."""
    message = N_("Yêu cầu này không thực hiện được.")

    def __init__(self, message: str | None = None, **params: Any) -> None:
        self.message = message or type(self).message
        self.params: Mapping[str, Any] = params
        super().__init__(self.message % params if params else self.message)


class NotFound(PortalError):
    """Absent, or not for this person's eyes: the two look alike on purpose."""

    status = 404
    message = N_("Không có trang này, hoặc nội dung không thuộc về bạn.")


class NotYet(PortalError):
    """Theirs, but made later: the message says when."""

    status = 404
    title = N_("Chưa có, hãy quay lại sau")
    message = N_("Trang này chưa có, hãy quay lại sau.")


class NotAllowed(PortalError):
    """The person is known but may not do this."""

    status = 403
    message = N_("Việc này không thuộc vai của bạn.")


class WrongState(PortalError):
    """The thing has moved on since the page was shown."""

    status = 409
    message = N_("Hồ sơ đã chuyển sang trạng thái khác trong lúc bạn làm.")


class Refused(PortalError):
    """What was sent is readable but breaks a rule; the message says which."""

    status = 422
    message = N_("Nội dung gửi lên chưa hợp lệ.")


class TooLarge(PortalError):
    """A body or a file beyond its limit."""

    status = 413
    message = N_("Tệp gửi lên quá lớn.")


class TooManyTries(PortalError):
    """A limit per person or address was reached."""

    status = 429
    retry_after = 600
    """Seconds, for the header."""
    message = N_("Bạn thử quá nhanh. Hãy đợi ít phút rồi thử lại.")


class NoRoom(PortalError):
    """A disk is full, of the database or of the files; nothing was changed."""

    status = 507
    message = N_(
        "Máy chủ hết chỗ lưu nên điều vừa gửi chưa được lưu. Hãy giữ trang này và gửi lại sau ít phút."
    )


class Unavailable(PortalError):
    """A part the request needs is down; nothing was changed."""

    status = 503
    message = N_("Hệ thống tạm thời bận. Hãy thử lại sau ít phút; những gì bạn đã lưu vẫn còn.")
