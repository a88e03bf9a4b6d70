#!/bin/sh
# why-pip-failed.sh VENV: prints why the last pip-install.sh failed, as the end of a sentence.
set -eu
venv=$1
log=$venv/pip.log
if [ ! -w "$venv" ]; then
    echo "this user may not write into $venv; remove it as $(stat -c %U "$venv"), who made it"
elif grep -qE 'SSLError|CERTIFICATE_VERIFY_FAILED' "$log"; then
    echo "the package index shows a certificate that is not trusted here; is the clock right? see $log"
elif grep -qE 'NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|ProxyError' "$log"; then
    echo "the package index cannot be reached; is this machine online? see $log"
else
    reason=$(sed -n 's/^ *\(ERROR\|error\): //p' "$log" | tail -n 1)
    echo "${reason:-it gave no reason}; see $log"
fi
