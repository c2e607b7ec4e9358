#!/bin/sh
# Installs what the tests of deploy/ run: nginx, Caddy, OpenSSL, systemd-analyze. Elsewhere than on Debian they are left out.
set -eu
cd "$(dirname "$0")/.."
command -v apt-get >/dev/null 2>&1 || exit 0
PATH="$PATH:/usr/sbin"
missing=""
for pair in nginx:nginx-light caddy:caddy openssl:openssl systemd-analyze:systemd; do
    command -v "${pair%%:*}" >/dev/null 2>&1 || missing="$missing ${pair#*:}"
done
[ -z "$missing" ] && exit 0
# shellcheck disable=SC2086
scripts/debian.sh $missing || {
    printf '%s\n' "Missing; the tests of deploy/ need them:$missing" \
        "Install them, then run make test again: sudo apt install$missing" >&2
    exit 1
}
