#!/bin/sh
# Make .venv with pip inside. Debian ships python3 without ensurepip: then pip comes from its own wheel.
set -eu
PIP=pip-26.3-py3-none-any.whl
FOLDER=07/25/ee8c38ae72d66b844ce8eb9711ba905dba21ca1a8a0c960057c41cd23337
PIP_URL=https://files.pythonhosted.org/packages/$FOLDER/$PIP
PIP_SHA256=f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13

say() { echo "$1" >&2; }

with_ensurepip() { python3 -c 'import ensurepip' 2>/dev/null && python3 -m venv --clear .venv; }

install_ensurepip() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
    apt-get update -qq &&
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv
} >/dev/null 2>&1

with_wheel() {
    python3 -m venv --clear --without-pip .venv &&
        python3 -c 'import sys, urllib.request; urllib.request.urlretrieve(*sys.argv[1:])' "$PIP_URL" ".venv/$PIP" &&
        echo "$PIP_SHA256  .venv/$PIP" | sha256sum --check --status &&
        .venv/bin/python ".venv/$PIP/pip" install --quiet --no-index ".venv/$PIP"
} 2>/dev/null

if ! command -v python3 >/dev/null || ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    say "Cần Python 3.11 trở lên. / Python 3.11 or newer is needed: sudo apt-get install python3 python3-venv"
    exit 1
fi
if with_ensurepip || with_wheel || { install_ensurepip && with_ensurepip; }; then
    exit 0
fi
rm -rf .venv
say "Thiếu gói python3-venv. / python3-venv is missing: sudo apt-get install python3-venv"
exit 1
