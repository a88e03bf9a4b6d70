#!/bin/sh
# audit.sh VENV [ADVISORIES]: asks whether a version in one of the locks is known to be vulnerable.
#
# Where the file ADVISORIES is there, which `make advisories` brings, it is asked, without a network; it says of which
# day it is. Otherwise pip-audit asks a network: where none is to be had, one line says that nothing was audited, and
# that is no failure. The exit code is 1 where a version is vulnerable. A mirror that knows packages but nothing
# of their vulnerabilities makes pip-audit skip them all and be content; that counts as not audited.
set -eu
venv=$1
advisories=${2:-}
locks='requirements.lock daemon.lock release.lock'

if [ -n "$advisories" ] && [ -e "$advisories" ]; then
    exec "$venv/bin/python" scripts/advisories.py check "$advisories" $locks
fi
if ! sh scripts/pip-install.sh "$venv" pip-audit; then
    echo "antiphon: pip-audit cannot be installed, so nothing was audited ($(sh scripts/why-pip-failed.sh "$venv"))" >&2
    exit
fi
said=$venv/audit.log
if "$venv/bin/pip-audit" --disable-pip --require-hashes $(printf -- '--requirement %s ' $locks) --timeout 20 \
    --progress-spinner off >"$said" 2>&1; then
    skipped=$(grep -c 'could not be audited' "$said" || true)
    locked=$(cat $locks | grep '^[a-z].*==' | cut -d' ' -f1 | sort -u | wc -l)
    if [ "$skipped" -gt 0 ]; then
        echo "antiphon: the index does not know $skipped of $locked locked versions, so these were not audited" >&2
    else
        echo "none of $locked locked versions is known to be vulnerable"
    fi
elif grep -q '^Found ' "$said"; then
    cat "$said" >&2
    exit 1
else
    echo "antiphon: what is known of vulnerable versions cannot be asked for, so nothing was audited ($(tail -n 1 "$said"))" >&2
fi
