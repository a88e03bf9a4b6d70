#!/bin/sh
# install-daemon.sh VENV: creates a virtual environment with everything that the daemon needs but MIDI.
set -eu
venv=$1
python=$(sh scripts/find-python.sh)

if ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    rm -rf "$venv"
    if ! "$python" -m venv "$venv" >&2; then
        echo "antiphon: $python could not create the virtual environment $venv" >&2
        exit 1
    fi
fi

echo "installing antiphon into $venv ($("$venv/bin/python" --version))" >&2
if ! sh scripts/pip-install.sh "$venv" --editable .; then
    reason=$(grep '^ERROR' "$venv/pip.log" | tail -n 1)
    echo "antiphon: pip could not install what the daemon needs (${reason:-no reason given}); is this machine online? the log is $venv/pip.log" >&2
    exit 1
fi
touch "$venv/.has-daemon"
