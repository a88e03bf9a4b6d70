#!/bin/sh
# install-midi.sh VENV: makes `import rtmidi` work in a virtual environment, as far as this user may.
#
# python-rtmidi needs the ALSA library of the system, and a compiler where it has no wheel (Python 3.13,
# 32-bit ARM). What cannot be had is told in one line; the daemon starts without MIDI, so nothing fails.
set -eu
venv=$1
no_wheel=$venv/.no-rtmidi-wheel

works() {
    "$venv/bin/python" -c 'import rtmidi' 2>/dev/null
}

is_installed() {
    "$venv/bin/python" -c 'import importlib.metadata; importlib.metadata.version("python-rtmidi")' 2>/dev/null
}

install_wheel() {
    [ ! -e "$no_wheel" ] || return 1
    sh scripts/pip-install-extras.sh "$venv" midi --only-binary python-rtmidi && return
    if ! grep -q 'Retrying' "$venv/pip.log"; then
        touch "$no_wheel"
    fi
    return 1
}

can_build() {
    command -v c++ >/dev/null && pkg-config --exists alsa jack 2>/dev/null && has_python_headers
}

has_python_headers() {
    "$venv/bin/python" -c '
import pathlib, sys, sysconfig
sys.exit(not pathlib.Path(sysconfig.get_path("include"), "Python.h").exists())'
}

build() {
    echo "building python-rtmidi into $venv" >&2
    sh scripts/pip-install-extras.sh "$venv" midi
}

works && exit
if ! is_installed && ! install_wheel; then
    can_build || sh scripts/install-system-packages.sh 'antiphon has no MIDI ports' \
        g++ pkg-config python3-dev libasound2-dev libjack-jackd2-dev || exit 0
    build || true
fi
works && exit
if is_installed; then
    sh scripts/install-system-packages.sh 'antiphon has no MIDI ports' 'libasound2t64|libasound2' || exit 0
    works && exit
    reason=$("$venv/bin/python" -c 'import rtmidi' 2>&1 | tail -n 1)
else
    reason=$(sh scripts/why-pip-failed.sh "$venv")
fi
echo "antiphon: python-rtmidi does not work ($reason), so antiphon has no MIDI ports" >&2
