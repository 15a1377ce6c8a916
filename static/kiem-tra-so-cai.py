"""Kiểm tra biên nhận sổ cái: python3 kiem-tra-so-cai.py bien-nhan.json so-cai.json"""
import hashlib, hmac, json, sys

wrong = []

def say(holds, what):
    print("ĐÚNG " if holds else "SAI  ", what)
    wrong.extend([] if holds else [what])

def sha(data):
    return hashlib.sha256(data).hexdigest()

def digest(row):  # Mã băm của mọi điều một dòng ghi, trừ chính mã băm ấy và lời kể kèm theo.
    said = {name: value for name, value in row.items() if name not in ("hash", "told")}
    return sha(json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())

def check(chain, entries, path, root, roots):
    name, before = [chain["kind"], chain["aggregate"]], "0" * 64
    for seq, entry in enumerate(entries, 1):
        said, place = "move" in entry, [entry.get("kind"), entry.get("aggregate"), entry["seq"]]
        link = digest(entry) == entry["hash"] and entry["previous_hash"] == before if said else seq == entry["seq"]
        say(link and (not said or place == [*name, seq]), f"Mục {seq}: " + (
            f"{entry['move']}, {entry['at']}" if said else "chỉ có mã băm, không chứng minh được các mục trước nó"))
        if "told" in entry:
            say(digest(entry["told"]) == entry["words"], f"Mục {seq}: lời ghi kèm")
        before = entry["hash"]
    pseudonym = hmac.new(bytes.fromhex(chain["salt"]), ":".join(name).encode(), "sha256").hexdigest()
    node = sha(b"\0" + f"{pseudonym} {len(entries)} {before}".encode())
    for side, beside in path:
        node = sha(b"\1" + bytes.fromhex(beside + node if side == "left" else node + beside))
    say(node == root["root"], f"Mục cuối nằm trong cây của ngày {root['day']}")
    say(root in roots, f"Mã gốc ngày {root['day']} đúng như đã công bố")
    links = all(row["previous"] == old["hash"] for old, row in zip(roots, roots[1:]))
    say(links and all(digest(row) == row["hash"] for row in roots), f"{len(roots)} mã gốc nối liền nhau")
try:
    receipt, published = (json.load(open(name, encoding="utf-8")) for name in sys.argv[1:])
    check(*(receipt[part] for part in ("chain", "entries", "path", "root")), published["roots"])
except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
    sys.exit(f"Không đọc được biên nhận hoặc danh sách mã gốc: {error!r}")
sys.exit(print("CÓ CHỖ SAI." if wrong else "Khớp với mã gốc đã công bố.") or bool(wrong))
