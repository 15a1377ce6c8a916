#!/bin/sh
# Make sure that Debian's Chromium is there for the tests.
set -eu
[ ! -x /usr/bin/chromium ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Đang cài Chromium để kiểm thử. / Installing Chromium for the tests."
    apt-get update -qq >/dev/null &&
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null
fi
[ -x /usr/bin/chromium ] || {
    echo "Thiếu Chromium. / Chromium is missing: sudo apt-get install chromium" >&2
    exit 1
}
