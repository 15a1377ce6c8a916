#!/bin/sh
# Install pinned requirement files into .venv: install.sh FILE...  With uv, or with pip where uv cannot work.
set -eu
files=""
for file in "$@"; do files="$files -r $file"; done

have_uv() {
    [ -x .venv/bin/uv ] || .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r deploy/uv.txt
} >/dev/null 2>&1

with_uv() { have_uv && .venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes $files 2>/dev/null; }

with_uv || .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes $files || {
    echo "Không cài được thư viện, hãy kiểm tra mạng. / Packages could not be installed: check the network." >&2
    exit 1
}
