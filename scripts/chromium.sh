#!/bin/sh
# Installs Chromium for the browser tests and `kpis screenshot`, unless there is one.
set -eu
cd "$(dirname "$0")/.."
for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done
scripts/debian.sh chromium || {
    printf '%s\n' "Chromium is missing; the browser tests need it." \
        "Install it, then run make test again: sudo apt install chromium" >&2
    exit 1
}
