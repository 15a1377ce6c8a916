"""Records of the national catalogue in small, with the defects the real one has."""

from typing import Any


def record(code: str = "1.000001", **said: Any) -> dict[str, Any]:
    """A record without defects; *said* replaces or adds keys, None takes one away."""
    whole = {
        "code": code,
        "name": "Thủ tục đăng ký nuôi ong lấy mật",
        "field": "Chăn nuôi",
        "issuer": "Bộ Nông nghiệp và Môi trường",
        "issuer_code": "G10",
        "decision": "12/QĐ-BNNMT",
        "levels": ["province", "commune"],
        "agencies": ["Ủy ban nhân dân cấp xã"],
        "applicants": ["Công dân Việt Nam", "Doanh nghiệp"],
        "channels": [
            {"channel": "online", "time_value": 5, "time_unit": "working_day", "fees": [fee(0)]},
            {"channel": "counter", "time_value": 7, "time_unit": "working_day", "fees": [fee(20_000)]},
        ],
        "documents": [{"items": [{"name": "Đơn đăng ký", "originals": 1}]}],
        "steps": "Bước 1: nộp hồ sơ.\nBước 2: nhận kết quả.",
        "results": [{"code": "KQ.G10.000001", "name": "Giấy xác nhận"}],
        "legal_basis": [{"number": "13/2020/NĐ-CP", "title": "Hướng dẫn Luật Chăn nuôi"}],
        "post_available": False,
        "online_level": None,
        "source": {"dataset": "A", "url": "https://example.org/ong"},
    }
    return {key: value for key, value in (whole | said).items() if value is not None}


def fee(amount: float, note: str = "") -> dict[str, Any]:
    """A fee in đồng."""
    return {"amount": amount, "currency": "VND"} | ({"note": note} if note else {})


def channel(kind: str = "counter", **said: Any) -> dict[str, Any]:
    """One way of filing with a usable time."""
    return {"channel": kind, "time_value": 3, "time_unit": "working_day"} | said


def papers(*names: str, case: str = "") -> list[dict[str, Any]]:
    """One group of papers, each with one original."""
    group: dict[str, Any] = {"items": [{"name": name, "originals": 1} for name in names]}
    return [group | ({"case": case} if case else {})]
