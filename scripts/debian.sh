#!/bin/sh
# Installs Debian packages as root or through sudo without a password; fails if neither is possible.
set -eu
command -v apt-get >/dev/null 2>&1 || exit 1
if [ "$(id -u)" -eq 0 ]; then
    as_root="env"
elif command -v sudo >/dev/null 2>&1 && sudo -n true >/dev/null 2>&1; then
    as_root="sudo -n env"
else
    exit 1
fi
printf 'Installing through apt: %s\n' "$*" >&2
$as_root apt-get update -qq >/dev/null
$as_root DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
