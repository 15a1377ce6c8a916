"""A file is read whole or not at all, plain or gzip by its content."""

import gzip

import pytest

from portal.catalogue import source_files
from portal.catalogue.source_files import BrokenFile

LIST = '[{"code": "1.000001", "name": "Ông"}]'.encode()


@pytest.mark.parametrize(
    "content", [LIST, gzip.compress(LIST), b"\xef\xbb\xbf" + LIST], ids=["plain", "packed", "marked"]
)
def test_an_array_is_read_plain_or_packed(content: bytes) -> None:
    assert source_files.json_array(content) == [{"code": "1.000001", "name": "Ông"}]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        LIST[:-3],
        b'{"code": "1.000001"}',
        b"[NaN]",
        b"[" * 100_000,
        "[“code”]".encode("utf-16"),
        gzip.compress(LIST)[:-9],
        gzip.compress(LIST)[:20] + b"xxxx" + gzip.compress(LIST)[24:],
        gzip.compress(b"\xff\xfe"),
    ],
    ids=["empty", "cut", "an object", "NaN", "too deep", "UTF-16", "gzip cut", "gzip damaged", "not text"],
)
def test_a_broken_file_gives_one_line_and_nothing_else(content: bytes) -> None:
    with pytest.raises(BrokenFile) as caught:
        source_files.json_array(content)
    assert "\n" not in str(caught.value)


def test_a_file_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_files, "LONGEST_BYTES", 1000)

    with pytest.raises(BrokenFile):
        source_files.json_array(gzip.compress(b" " * 2000 + b"[]"))


def test_rows_come_by_the_names_of_the_first_line() -> None:
    content = b"\xef\xbb\xbfcode,online_level\r\n1.000001,4\r\n"

    assert source_files.csv_rows(content, ["code"]) == [{"code": "1.000001", "online_level": "4"}]


@pytest.mark.parametrize("content", [b"", b"code,level\n1,2\n", b'code,online_level\n"1.0', b"\xff\xfe"])
def test_a_broken_list_gives_nothing(content: bytes) -> None:
    with pytest.raises(BrokenFile):
        source_files.csv_rows(content, ["code", "online_level"])
