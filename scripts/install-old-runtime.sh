#!/bin/sh
# install-old-runtime.sh VENV: a virtual environment with the daemon on tflite-runtime, for the tests alone.
#
# tflite-runtime is what a 32-bit Raspberry Pi has, with the same requirements; elsewhere its last wheels want
# Python 3.11. Where there is none, or it cannot be installed, one line says so and nothing fails.
set -eu
venv=$1
stamp=$venv/.has-old-runtime
consequence='the tests on tflite-runtime are skipped'

will_do() {
    "$1" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info[:2] != (3, 11))' >/dev/null 2>&1
}

find_python() {
    for candidate in ${PYTHON:+"$PYTHON"} python3.11 python3; do
        if will_do "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    return 1
}

# Prints what pyproject.toml asks for on a 32-bit ARM machine.
requirements() {
    "$venv/bin/python" - <<'PYTHON'
import tomllib

from pip._vendor.packaging.requirements import Requirement

with open("pyproject.toml", "rb") as file:
    wanted = map(Requirement, tomllib.load(file)["project"]["dependencies"])
for requirement in wanted:
    if requirement.marker is None or requirement.marker.evaluate({"platform_machine": "armv7l"}):
        requirement.marker = None
        print(requirement)
PYTHON
}

install() {
    requirements >"$venv/requirements.txt" &&
        sh scripts/pip-install.sh "$venv" --only-binary :all: --requirement "$venv/requirements.txt" &&
        sh scripts/pip-install.sh "$venv" --no-deps --editable .
}

if [ -e "$stamp" ] && [ -n "$(find "$stamp" -newer pyproject.toml -newer "$0" 2>/dev/null)" ] &&
    [ "$(cat "$stamp")" = "$(pwd)" ] && "$venv/bin/python" -c 'import tflite_runtime' 2>/dev/null; then
    exit
fi
if ! python=$(find_python); then
    echo "antiphon: there is no Python 3.11 with venv here, so $consequence" >&2
    exit
fi
sh scripts/make-venv.sh "$python" "$venv" "$consequence" || exit 0
echo "installing antiphon on tflite-runtime into $venv" >&2
if install; then
    sh scripts/install-midi.sh "$venv"
    pwd >"$stamp"
else
    reason=$(sh scripts/why-pip-failed.sh "$venv")
    echo "antiphon: pip could not install tflite-runtime ($reason), so $consequence" >&2
fi
