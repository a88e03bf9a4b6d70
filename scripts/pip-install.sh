#!/bin/sh
# pip-install.sh VENV ARGUMENT...: pip install in a virtual environment, quiet, with its log in VENV/pip.log.
set -eu
venv=$1
shift
# Otherwise it is the log that cannot be written, and why-pip-failed.sh reads an old one.
[ -w "$venv" ] || exit 1
if "$venv/bin/python" -c 'import sys; sys.exit(sys.maxsize > 2**32)' && [ "$(uname -m)" = aarch64 ]; then
    # A 32-bit Raspberry Pi OS runs on a 64-bit kernel; pip must not choose by what that calls itself.
    in_32_bits=linux32
fi
exec ${in_32_bits:-} "$venv/bin/python" -m pip install --disable-pip-version-check --no-input --retries 2 \
    "$@" >"$venv/pip.log" 2>&1
