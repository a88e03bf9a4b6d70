#!/bin/sh
# Prints the Python to install with: $PYTHON where it is set, else the newest one here that will do.
set -eu

# Debian splits ensurepip off into python3-venv; without it a virtual environment comes without pip.
will_do() {
    "$1" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_newest() {
    for candidate in python3.13 python3.12 python3.11 python3; do
        if will_do "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

if [ -n "${PYTHON:-}" ]; then
    if will_do "$PYTHON"; then
        echo "$PYTHON"
        exit
    fi
    echo "antiphon: '$PYTHON' is not a Python 3.11 or later with venv and ensurepip; name another with PYTHON=" >&2
    exit 1
fi

find_newest && exit
sh scripts/install-system-packages.sh 'there is no Python 3.11 or later with venv to install with' \
    python3 python3-venv
find_newest && exit
echo "antiphon: no Python 3.11 or later with venv was found; install one and name it with PYTHON=" >&2
exit 1
