"""The table of hostile and odd files: what each is called, how it is built, and what becomes of it."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.web import files_built as built
from tests.web.files_built import MARK, SCRIPT, acting, carrying, linking, pdf, picture, signed

JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"
OTHER, HURT, BIG = "không phải ảnh JPG, PNG, WEBP, HEIC hay PDF", "bị hỏng", "triệu điểm ảnh"
ACTIVE, HEAVY, UNREADABLE = "có mã chạy hoặc tệp đính kèm", "mở ra quá nặng", "bị hỏng hoặc không đọc được"


@dataclass(frozen=True)
class Refused:
    """A file that is not taken, and what of the sentence says why."""

    name: str
    build: Callable[[], bytes]
    why: str


@dataclass(frozen=True)
class Kept:
    """A file that is taken: its true type, and what must be gone from it."""

    name: str
    build: Callable[[], bytes]
    mime: str
    gone: tuple[bytes, ...] = (MARK,)


NO_DOCUMENT: dict[str, Refused] = {
    "a Windows program": Refused("giay.pdf", built.program_pe, OTHER),
    "a Linux program": Refused("giay.jpg", built.program_elf, OTHER),
    "a shell script": Refused("giay.png", lambda: b"#!/bin/sh\nrm -rf ~\n", OTHER),
    "a batch file": Refused("giay.pdf", lambda: b"@echo off\r\ndel *.*\r\n", OTHER),
    "a page": Refused("giay.jpg", lambda: b"<!doctype html>" + SCRIPT, OTHER),
    "a page by its own name": Refused("giay.html", lambda: b"<html>" + SCRIPT, OTHER),
    "a drawing with a script": Refused("giay.svg", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'>" + SCRIPT, OTHER),
    "a drawing called a photo": Refused("giay.png", lambda: b"<?xml version='1.0'?><svg onload='x()'/>", OTHER),
    "an archive": Refused("giay.zip", lambda: built.archive("a.exe"), OTHER),
    "a text with macros": Refused("don.docx", lambda: built.archive("word/document.xml", "word/vbaProject.bin"), OTHER),
    "a table with macros": Refused("bang.xlsm", lambda: built.archive("xl/workbook.xml", "xl/vbaProject.bin"), OTHER),
    "an old text": Refused("don.doc", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), OTHER),
    "a Java program": Refused("giay.pdf", lambda: built.archive("META-INF/MANIFEST.MF", "A.class"), OTHER),
    "a GIF that is a script": Refused("giay.gif", built.script_in_gif, OTHER),
    "an honest GIF": Refused("giay.gif", lambda: picture("GIF"), OTHER),
    "a GIF called WEBP": Refused("giay.webp", lambda: picture("GIF"), OTHER),
    "a bitmap": Refused("giay.jpg", lambda: picture("BMP"), OTHER),
    "a TIFF": Refused("giay.jpg", lambda: picture("TIFF"), OTHER),
    "a video": Refused("giay.heic", lambda: b"\0\0\0\x18ftypmp42" + bytes(100), OTHER),
    "a sound in RIFF": Refused("giay.webp", lambda: b"RIFF\x24\0\0\0WAVEfmt " + bytes(100), OTHER),
    "a page before a PDF": Refused("giay.pdf", lambda: SCRIPT + pdf(), OTHER),
    "a PDF whose header comes late": Refused("giay.pdf", lambda: bytes(600) + pdf(), OTHER),
    "nothing": Refused("giay.jpg", lambda: b"", "rỗng"),
    "one byte": Refused("giay.jpg", lambda: b"\xff", OTHER),
}  # fmt: skip

BAD_PICTURES: dict[str, Refused] = {
    "a flood of pixels by header": Refused("a.png", lambda: built.png(50_000, 50_000, rows=b""), BIG),
    "a flood of pixels that is there": Refused("a.png", lambda: built.png(2000, 1100), BIG),
    "a line too long for a JPEG": Refused("a.png", lambda: built.png(70_000, 1), BIG),
    "a JPEG that says it is huge": Refused("a.jpg", lambda: built.of_false_size(picture(), 65_500, 65_500), BIG),
    "a HEIC that says it is huge": Refused("a.heic", built.huge_heic, HURT),
    "a JPEG of 5,000 passes": Refused("a.jpg", built.of_many_scans, HURT),
    "a bomb in zTXt": Refused("a.png", lambda: built.png(9, 9, built.chunk(b"zTXt", b"a\0\0" + built.bomb(90))), HURT),
    "a bomb in iTXt": Refused("a.png", lambda: built.png(9, 9, built.chunk(b"iTXt", b"a\0\1\0\0\0" + built.bomb(90))), HURT),
    "a bomb for a profile": Refused("a.png", lambda: built.png(9, 9, built.chunk(b"iCCP", b"a\0\0" + built.bomb(90))), HURT),
    "half a JPEG": Refused("a.jpg", lambda: picture(size=(600, 400))[:1500], HURT),
    "half a PNG": Refused("a.png", lambda: picture("PNG")[:60], HURT),
    "half a WEBP": Refused("a.webp", lambda: picture("WEBP")[:40], HURT),
    "half a HEIC": Refused("a.heic", lambda: picture("HEIF")[:300], HURT),
    "a JPEG in name": Refused("a.jpg", lambda: b"\xff\xd8\xff\xe0" + b"x" * 300, HURT),
    "a page that begins like a PNG": Refused("a.png", lambda: b"\x89PNG\r\n\x1a\n" + SCRIPT, HURT),
}  # fmt: skip

PICTURES: dict[str, Kept] = {
    "a photo with place and camera": Kept("a.jpg", built.with_exif, JPEG, (MARK, b"Exif")),
    "a photo with a payload in its thumbnail": Kept("a.jpg", built.with_thumbnail, JPEG, (MARK, b"Exif", b"<script")),
    "a photo with a program in its comment": Kept("a.jpg", lambda: built.with_segment(0xFE, b"<?php " + MARK), JPEG, (MARK, b"<?php")),
    "a photo with a page in its comment": Kept("a.jpg", lambda: built.with_segment(0xFE, SCRIPT), JPEG, (MARK, b"<script")),
    "a photo and an archive": Kept("a.jpg", lambda: picture() + built.archive("a.exe"), JPEG, (MARK, b"PK\3\4")),
    "a picture and a page": Kept("a.png", lambda: picture("PNG") + SCRIPT, PNG, (MARK, b"<script")),
    "a picture and a PDF": Kept("a.png", lambda: picture("PNG") + pdf(), PNG, (b"%PDF",)),
    "a photo called PDF": Kept("a.pdf", picture, JPEG),
    "a photo called a program": Kept("a.exe", picture, JPEG),
    "a PNG called JPG": Kept("a.jpg", lambda: picture("PNG"), PNG),
    "a photo in four inks": Kept("a.jpg", lambda: picture(mode="CMYK"), JPEG),
    "a photo in grey": Kept("a.jpg", lambda: picture(mode="L"), JPEG),
    "a scan in 65,536 greys": Kept("a.png", built.grey_in_16_bits, PNG),
    "a picture with a palette": Kept("a.png", lambda: picture("PNG", "P"), PNG),
    "a picture in black and white": Kept("a.png", lambda: picture("PNG", "1"), PNG),
    "a picture one sees through": Kept("a.png", lambda: picture("PNG", "RGBA"), PNG),
    "a moving PNG": Kept("a.png", lambda: built.film("PNG", 30), PNG, (b"acTL", b"fcTL", b"fdAT")),
    "a moving WEBP": Kept("a.webp", lambda: built.film("WEBP", 300), JPEG, (b"ANMF", b"RIFF")),
    "a HEIC of a phone": Kept("IMG_0001.HEIC", lambda: picture("HEIF"), JPEG, (b"ftyp",)),
    "a photo with passes": Kept("a.jpg", lambda: picture(progressive=True), JPEG),
    "a photo with a profile": Kept("a.jpg", built.with_profile, JPEG, (b"ICC_PROFILE",)),
    "a photo with a false profile": Kept("a.jpg", lambda: built.with_profile(MARK * 2000), JPEG, (MARK, b"ICC_PROFILE")),
    "more pixels than the header says": Kept("a.png", lambda: built.png(9, 9, rows=bytes(90 * built.MIB)), PNG),
    "words in a PNG": Kept("a.png", lambda: built.told("tEXt"), PNG, (MARK, b"tEXt")),
    "packed words in a PNG": Kept("a.png", lambda: built.told("zTXt"), PNG, (b"zTXt",)),
    "words of many tongues in a PNG": Kept("a.png", lambda: built.told("iTXt"), PNG, (MARK, b"iTXt")),
}  # fmt: skip

BAD_PDFS: dict[str, Refused] = {
    "a script on opening": Refused("a.pdf", lambda: acting(b"/S /JavaScript /JS (app.alert\\(1\\))"), ACTIVE),
    "named scripts": Refused("a.pdf", lambda: pdf(b"/Names << /JavaScript << /Names [(a) 5 0 R] >> >>", more=[b"<< /S /JavaScript /JS (x) >>"]), ACTIVE),
    "an act of the page": Refused("a.pdf", lambda: pdf(page=b"/AA << /O << /S /Named /N /Print >> >>"), ACTIVE),
    "a program that is started": Refused("a.pdf", lambda: acting(b"/S /Launch /F (cmd.exe)"), ACTIVE),
    "a form that is sent away": Refused("a.pdf", lambda: acting(b"/S /SubmitForm /F (http://x.example)"), ACTIVE),
    "data that is fetched": Refused("a.pdf", lambda: acting(b"/S /ImportData /F (a.fdf)"), ACTIVE),
    "a way into another file": Refused("a.pdf", lambda: acting(b"/S /GoToR /F (//x.example/a.pdf)"), ACTIVE),
    "a way into a file inside": Refused("a.pdf", lambda: acting(b"/S /GoToE /T << /R /C /N (a) >>"), ACTIVE),
    "a second act behind a harmless one": Refused("a.pdf", lambda: acting(b"/S /GoTo /D [3 0 R /Fit] /Next << /S /Launch /F (a) >>"), ACTIVE),
    "files inside": Refused("a.pdf", lambda: pdf(b"/Names << /EmbeddedFiles << /Names [(a) << /EF << /F 5 0 R >> >>] >> >>", more=[built.stream(b"MZ")]), ACTIVE),
    "a file pinned to the page": Refused("a.pdf", lambda: carrying(b"FileAttachment"), ACTIVE),
    "rich media": Refused("a.pdf", lambda: carrying(b"RichMedia"), ACTIVE),
    "a film": Refused("a.pdf", lambda: carrying(b"Movie"), ACTIVE),
    "a form in XFA": Refused("a.pdf", lambda: pdf(b"/AcroForm << /XFA 5 0 R /Fields [] >>", more=[built.stream(b"<xdp/>")]), ACTIVE),
    "a link that is a script": Refused("a.pdf", lambda: linking(b"javascript:alert\\(1\\)"), ACTIVE),
    "a link that is a script, with a tab": Refused("a.pdf", lambda: linking(b"\\t JavaScript:alert\\(1\\)"), ACTIVE),
    "a link to a file": Refused("a.pdf", lambda: linking(b"file:///etc/passwd"), ACTIVE),
    "names written in hex": Refused("a.pdf", lambda: acting(b"/#53 /J#61vaScript /#4A#53 (x)"), ACTIVE),
    "a script among packed objects": Refused("a.pdf", lambda: built.packed_away(b"<< /S /JavaScript /JS (x) >>"), ACTIVE),
    "packed objects that fill the store": Refused("a.pdf", lambda: built.packed_away(b"<< /S /GoTo /D (%s) >>" % (b"a" * 7_000_000)), HEAVY),
    "a script added later": Refused("a.pdf", built.with_script_added, ACTIVE),
    "content in another file": Refused("a.pdf", lambda: pdf(page=b"/Resources 5 0 R", more=[built.stream(b"", b"/F (//x.example/a)")]), ACTIVE),
    "an archive shown as a picture": Refused("a.pdf", built.archive_in_pdf, ACTIVE),
    "a password": Refused("a.pdf", built.encrypted, "có mật khẩu"),
    "six pages of five": Refused("a.pdf", lambda: built.of_pages(6), "có 6 trang"),
    "100,000 pages": Refused("a.pdf", lambda: built.of_pages(100_000), "có 100000 trang"),
    "a page tree in a loop": Refused("a.pdf", lambda: built.of_page_tree(b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"), UNREADABLE),
    "a page tree that branches a billion times": Refused("a.pdf", lambda: built.of_page_tree(*[b"<< /Type /Pages /Kids [%s] /Count 1 >>" % (b"%d 0 R " % n * 1000) for n in (3, 4, 5)], b"<< /Type /Page >>"), "trang"),
    "no page": Refused("a.pdf", lambda: built.of_page_tree(b"<< /Type /Pages /Kids [] /Count 0 >>"), UNREADABLE),
    "a bomb on the page": Refused("a.pdf", lambda: built.showing(built.bomb(90), b"/Subtype /Form /Filter /FlateDecode"), HEAVY),
    "a bomb in a bomb": Refused("a.pdf", lambda: built.showing(built.bomb(90), b"/Subtype /Form /Filter [/FlateDecode /FlateDecode]"), HEAVY),
    "a picture too big for anybody": Refused("a.pdf", lambda: built.showing(b"x", b"/Subtype /Image /Width 50000 /Height 50000"), HEAVY),
    "nested beyond sense": Refused("a.pdf", lambda: pdf(b"/X " + b"[" * 20_000 + b"]" * 20_000), UNREADABLE),
    "half a PDF": Refused("a.pdf", lambda: pdf()[:150], UNREADABLE),
    "a PDF in name": Refused("a.pdf", lambda: b"%PDF-1.7\nhello", UNREADABLE),
    "signed, and a page behind": Refused("a.pdf", lambda: signed() + SCRIPT, "dữ liệu ngoài tài liệu"),
    "signed, and a page in front": Refused("a.pdf", lambda: signed().replace(b"%PDF-1.5\n", b"%PDF-1.5 <html>\n"), "dữ liệu ngoài tài liệu"),
    "signed, and a script nobody refers to": Refused("a.pdf", lambda: signed(more=[b"<< /S /JavaScript /JS (x) >>"]), ACTIVE),
}  # fmt: skip

PDFS: dict[str, Kept] = {
    "a PDF": Kept("a.pdf", pdf, PDF),
    "a PDF called a photo": Kept("a.jpg", pdf, PDF),
    "a PDF that opens at its first page": Kept("a.pdf", lambda: pdf(b"/OpenAction [3 0 R /Fit]"), PDF),
    "a link to a page": Kept("a.pdf", lambda: linking(b"https://dichvucong.gov.vn"), PDF),
    "who made it and where": Kept("a.pdf", lambda: pdf(b"/Metadata 5 0 R", more=[built.stream(MARK)]), PDF),
    "a page in its head": Kept("a.pdf", lambda: pdf(head=b"%PDF-1.5\n" + SCRIPT + b"\n"), PDF, (MARK, b"<script")),
    "a page behind it": Kept("a.pdf", lambda: pdf() + SCRIPT, PDF, (MARK, b"<script")),
    "an archive behind it": Kept("a.pdf", lambda: pdf() + built.archive("a.exe"), PDF, (MARK, b"PK\3\4")),
    "a script nobody refers to": Kept("a.pdf", lambda: pdf(more=[b"<< /S /JavaScript /JS (%s) >>" % MARK]), PDF, (MARK, b"/JS")),
    "what an older revision said": Kept("a.pdf", built.with_old_revision, PDF),
    "a photo with its camera inside": Kept("a.pdf", lambda: built.scanned(built.with_exif()), PDF, (MARK, b"Exif")),
    "five pages of five": Kept("a.pdf", lambda: built.of_pages(5), PDF),
}  # fmt: skip

NAMES: dict[str, tuple[bytes, str]] = {
    "a way up": (b'filename="../../etc/passwd"', "passwd.jpg"),
    "a way up in Windows": (rb'filename="..\\..\\boot.ini"', "boot.jpg"),
    "a whole address": (b'filename="/etc/cron.d/a"', "a.jpg"),
    "a drive": (rb'filename="C:\\Users\\Mai\\a.jpg"', "a.jpg"),
    "the zero character": (b'filename="a\0.exe.jpg"', "a.exe.jpg"),
    "two lines": (b'filename="a%0D%0ASet-Cookie: x.jpg"', "aSet-Cookie x.jpg"),
    "written from the right": ('filename="a\u202egpj.exe"'.encode(), "agpj.jpg"),
    "very long": (b'filename="' + b"a" * 5000 + b'.jpg"', "a" * 120 + ".jpg"),
    "only dots": (b'filename="...."', "giay-to.jpg"),
    "a hidden file": (b'filename=".htaccess"', "htaccess.jpg"),
    "a device of Windows": (b'filename="CON.jpg"', "giay-to-CON.jpg"),
    "a port of Windows": (b'filename="lpt1"', "giay-to-lpt1.jpg"),
    "quotes as browsers send them": (b'filename="nh%22a%22.jpg"', "nha.jpg"),
    "markup": (b'filename="<img src=x onerror=alert(1)>.jpg"', "img src=x onerror=alert(1).jpg"),
    "letters and marks apart": ('filename="S\u006f\u0302\u0309 ho\u0302\u0323.jpg"'.encode(), "Sổ hộ.jpg"),
    "in other words": (b"filename*=UTF-8''s%E1%BB%95%20h%E1%BB%99.jpg", "sổ hộ.jpg"),
    "no ending": (b'filename="giay"', "giay.jpg"),
    "two endings": (b'filename="a.php.jpg"', "a.php.jpg"),
    "no name": (b'filename=""', "giay-to.jpg"),
    "only a space": (b'filename=" "', "giay-to.jpg"),
}
"""What the browser says of the name, and what the file is called afterwards."""
