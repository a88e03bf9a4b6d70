#!/bin/sh
# why-pip-failed.sh VENV: prints why the last pip-install.sh failed, as the end of a sentence.
set -eu
log=$1/pip.log
if grep -qE 'NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|ProxyError' "$log"; then
    echo "the package index cannot be reached; is this machine online? see $log"
else
    reason=$(sed -n 's/^ *\(ERROR\|error\): //p' "$log" | tail -n 1)
    echo "${reason:-it gave no reason}; see $log"
fi
