#!/bin/sh
# Creates .venv and installs a requirements file into it: scripts/environment.sh requirements.txt
# Debian's python3 has no venv; it is installed through apt if no password is needed, else a message says how.
set -eu
cd "$(dirname "$0")/.."
requirements=$1
python=${PYTHON:-python3}
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1

say() { printf '%s\n' "$*" >&2; }

command -v "$python" >/dev/null 2>&1 || {
    say "$python was not found. Install Python 3.11 or newer: apt install python3 python3-venv"
    exit 1
}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    say "$("$python" --version) is too old: Python 3.11 or newer is needed."
    say "Choose another one like this: make run PYTHON=python3.12"
    exit 1
}

if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then # missing, incomplete or moved
    if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        scripts/debian.sh "python$version-venv" || {
            say "Python's venv is missing. Install it, then run make again: sudo apt install python3-venv"
            exit 1
        }
    fi
    say "Creating .venv"
    "$python" -m venv --clear .venv
fi

say "Installing $requirements into .venv (some minutes the first time)"
.venv/bin/python -m pip install --quiet --requirement "$requirements"
