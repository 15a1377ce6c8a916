"""Kiểm tra biên nhận sổ cái: python3 kiem-tra-so-cai.py bien-nhan.json so-cai.json"""
import hashlib, hmac, json, sys

wrong = []
def say(holds, what):
    print("ĐÚNG " if holds else "SAI  ", what)
    wrong.extend([] if holds else [what])

def sha(data):
    return hashlib.sha256(data).hexdigest()

def digest(row):  # Mã băm của mọi điều một dòng ghi, trừ chính mã băm ấy.
    said = {name: value for name, value in row.items() if name != "hash"}
    return sha(json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())

def check(receipt, roots):
    chain, entries, root = receipt["chain"], receipt["entries"], receipt["root"]
    name, before, hidden = [chain["kind"], chain["aggregate"]], "0" * 64, []
    for seq, entry in enumerate(entries, 1):
        if "move" in entry:
            say([entry["kind"], entry["aggregate"], entry["seq"]] == [*name, seq] and digest(entry) == entry["hash"]
                and entry["previous_hash"] == before, f"Mục {seq} ({entry['move']}) nguyên vẹn và nối với mục trước")
        else:
            hidden.append(seq)
            say(entry["seq"] == seq, f"Mục {seq} chỉ cho xem mã băm: không kiểm được nội dung và mối nối với mục trước")
        before = entry["hash"]
    pseudonym = hmac.new(bytes.fromhex(chain["salt"]), ":".join(name).encode(), "sha256").hexdigest()
    node = sha(b"\0" + f"{pseudonym} {len(entries)} {before}".encode())
    for side, beside in receipt["path"]:
        node = sha(b"\1" + bytes.fromhex(beside + node if side == "left" else node + beside))
    say(node == root["root"], f"Mục cuối nằm trong mã gốc ngày {root['day']}")
    say(root in roots, f"Mã gốc ngày {root['day']} đúng như đã công bố")
    roots = sorted(roots, key=lambda row: row["day"])
    links = all(row["previous"] == old["hash"] for old, row in zip(roots, roots[1:]))
    say(links and all(digest(row) == row["hash"] for row in roots), f"{len(roots)} mã gốc nối liền nhau")
    say(bool(entries), f"{len(entries)} mục, {len(hidden)} mục chỉ có mã băm")
try:
    receipt, published = (json.load(open(name, encoding="utf-8")) for name in sys.argv[1:])
    check(receipt, published["roots"])
except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
    sys.exit(f"Không đọc được biên nhận hoặc danh sách mã gốc: {error!r}")
sys.exit(print("CÓ CHỖ SAI." if wrong else "Khớp với mã gốc đã công bố.") or bool(wrong))
