#!/bin/sh
# Make .venv with pip inside. Debian ships python3 without ensurepip: then pip comes from Debian's own wheel.
set -eu
say() { echo "$1" >&2; }

with_ensurepip() { python3 -c 'import ensurepip' 2>/dev/null && python3 -m venv --clear .venv; }

install_ensurepip() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
    apt-get update -qq &&
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3-venv
} >/dev/null 2>&1

with_wheel() (
    python3 -m venv --clear --without-pip .venv && cd .venv && apt-get download -qq python3-pip-whl &&
        dpkg-deb -x python3-pip-whl_*.deb wheels &&
        wheel=$(ls wheels/usr/share/python-wheels/pip-*.whl) &&
        bin/python "$wheel/pip" install --quiet --no-index "$wheel"
) >/dev/null 2>&1

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
