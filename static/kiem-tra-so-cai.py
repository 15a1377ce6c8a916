"""Kiểm tra biên nhận sổ cái: python3 kiem-tra-so-cai.py bien-nhan.json so-cai.json"""
import hashlib, hmac, json, sys

WORDS, wrong = {True: "ĐÚNG ", False: "SAI  ", None: "CHƯA CHỨNG MINH"}, []

def say(holds, what):  # Ký tự điều khiển không bao giờ tới màn hình như nó là: chúng xóa hay giả được các dòng khác.
    print(WORDS[holds], "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in what))
    wrong.extend([what] if holds is False else [])

def sha(data):
    return hashlib.sha256(data).hexdigest()

def digest(row, apart=("hash", "told")):  # Mã băm của mọi điều một dòng ghi, trừ chính mã băm ấy và lời kể kèm theo.
    said = {name: value for name, value in row.items() if name not in apart}
    return sha(json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())

def check(dossier, chain, entries, path, root, roots):
    name, before = [chain["kind"], chain["aggregate"]], "0" * 64
    start = 1 + max((seq for seq, entry in enumerate(entries, 1) if "move" not in entry), default=0)
    for seq, entry in enumerate(entries, 1):
        proven = seq >= start or None  # Trước một mục chỉ có mã băm, ai cũng viết được một chuỗi khác.
        if "move" in entry:
            linked = digest(entry) == entry["hash"] and entry["previous_hash"] == before
            place = [entry["kind"], entry["aggregate"], entry["seq"]] == [*name, seq]
            say(linked and place and proven, f"Mục {seq}: {entry['move']}, {entry['at']}")
        if "move" in entry and "told" in entry:
            say(digest(entry["told"], ()) == entry["words"] and proven, f"Mục {seq}: lời ghi kèm")
        if "move" not in entry:
            say(entry["seq"] == seq and None, f"Mục {seq}: chỉ có mã băm")
        before = entry["hash"]
    pseudonym = hmac.new(bytes.fromhex(chain["salt"]), ":".join(name).encode(), "sha256").hexdigest()
    node = sha(b"\0" + f"{pseudonym} {len(entries)} {before}".encode())
    for side, beside in path:
        node = sha(b"\1" + bytes.fromhex(beside + node if side == "left" else node + beside))
    say(node == root["root"], f"Mục cuối nằm trong cây của ngày {root['day']}")
    say(root in roots, f"Mã gốc ngày {root['day']} đúng như đã công bố")
    links = all(row["previous"] == old["hash"] for old, row in zip(roots, roots[1:]))
    say(links and all(digest(row) == row["hash"] for row in roots), f"{len(roots)} mã gốc nối liền nhau")
    told = [entry.get("told", entry).get("details", {}) for entry in entries[start - 1:] if entry["move"] == "accept"]
    codes = {details["code"] for details in told if "code" in details}  # Mã chính thức, nếu có mục tiếp nhận kể ra.
    say(dossier in codes if codes else None, f"Mã hồ sơ {dossier}")
    claimed = start > len(entries) or any("move" in entry for entry in entries[:start - 1])
    limit = f" Chỉ chứng minh từ mục {start}." if start <= len(entries) else " Không mục nào được chứng minh."
    return (0, "") if start == 1 else (2 if claimed else 0, limit)
try:
    receipt, published = (json.load(open(name, encoding="utf-8")) for name in sys.argv[1:])
    code, limit = check(*(receipt[part] for part in ("dossier", "chain", "entries", "path", "root")), published["roots"])
except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
    sys.exit(f"Không đọc được biên nhận hoặc danh sách mã gốc: {error!r}")
print("CÓ CHỖ SAI." if wrong else f"Khớp với mã gốc đã công bố.{limit}")
sys.exit(1 if wrong else code)
