#!/bin/sh
# install-home-assistant.sh VENV: a virtual environment with Home Assistant, for the tests alone.
#
# Which version that is depends on the Python that is found: each wants a rather new one. It takes some 600 MB
# and minutes, so it is no part of `make test`. Where it cannot be had, one line says so and nothing fails.
set -eu
venv=$1
stamp=$venv/.has-home-assistant
consequence='the tests with Home Assistant are skipped'

will_do() {
    "$1" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 13))' >/dev/null 2>&1
}

find_python() {
    for candidate in ${PYTHON:+"$PYTHON"} python3.14 python3.13 python3; do
        if will_do "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    return 1
}

# Prints what its MQTT integration asks for; Home Assistant would fetch it when somebody sets that up.
requirements() {
    "$venv/bin/python" - <<'PYTHON'
import importlib.util
import json
import pathlib

home_assistant = pathlib.Path(importlib.util.find_spec("homeassistant").origin).parent
manifest = json.loads((home_assistant / "components" / "mqtt" / "manifest.json").read_text())
print(*manifest["requirements"])
PYTHON
}

install() {
    sh scripts/pip-install.sh "$venv" homeassistant &&
        sh scripts/pip-install.sh "$venv" $(requirements)
}

[ -n "$(find "$stamp" -newer "$0" 2>/dev/null)" ] && exit
if ! python=$(find_python); then
    echo "antiphon: there is no Python 3.13 or newer with venv here, so $consequence" >&2
    exit
fi
sh scripts/make-venv.sh "$python" "$venv" "$consequence" || exit 0
echo "installing Home Assistant into $venv" >&2
if install; then
    touch "$stamp"
else
    reason=$(sh scripts/why-pip-failed.sh "$venv")
    echo "antiphon: pip could not install Home Assistant ($reason), so $consequence" >&2
fi
