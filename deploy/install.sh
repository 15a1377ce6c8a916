#!/bin/sh
# Install pinned requirement files into .venv: install.sh FILE...  With uv, or with pip where uv cannot work.
set -eu
PYTHON=.venv/bin/python
for file in "$@"; do
    set -- "$@" -r "$file"
    shift
done

with_pip() { $PYTHON -m pip install --quiet --disable-pip-version-check --require-hashes "$@"; }
has_uv() { [ -x .venv/bin/uv ] || with_pip -r deploy/uv.txt >/dev/null 2>&1; }
with_uv() { .venv/bin/uv pip install --quiet --python $PYTHON --require-hashes "$@" 2>/dev/null; }

if { has_uv && with_uv "$@"; } || with_pip "$@"; then
    exit 0
fi
echo "Không cài được thư viện, hãy kiểm tra mạng. / Packages could not be installed: check the network." >&2
exit 1
