#!/bin/sh
# Installs PostgreSQL for the tests of the lake, unless there is one; each test run starts a server of its own.
set -eu
cd "$(dirname "$0")/.."
for initdb in /usr/lib/postgresql/*/bin/initdb; do
    [ -x "$initdb" ] && exit 0
done
scripts/debian.sh postgresql || {
    printf '%s\n' "PostgreSQL is missing; the tests of the lake need it." \
        "Install it, then run make test again: sudo apt install postgresql" >&2
    exit 1
}
