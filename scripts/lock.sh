#!/bin/sh
# lock.sh VENV: writes requirements.lock anew: what is built and tested with, each file by its hash.
#
# It holds for Python 3.11 to 3.13 on x86-64 and 64-bit ARM, and is asked for by LOCKED=1. Two things are not
# in it: python-rtmidi, which a system may bring or have to compile, and what is only for fuzzing.
set -eu
venv=$1

sh scripts/pip-install.sh "$venv" uv
"$venv/bin/python" - <<'PYTHON' >"$venv/to-lock.txt"
import tomllib

with open("pyproject.toml", "rb") as file:
    project = tomllib.load(file)["project"]
extras = project["optional-dependencies"]
wanted = project["dependencies"] + [each for extra in extras if extra not in ("fuzz", "midi") for each in extras[extra]]
for requirement in wanted:
    name, _, marker = requirement.partition(";")
    if "'armv' in" not in marker:
        print(name if "'armv' not in" in marker else requirement)
PYTHON
# uv passes over that a package is only for older Pythons, and pip does not: later ones end at Python 3.10.
echo 'backports.strenum<1.3' >>"$venv/to-lock.txt"
"$venv/bin/uv" pip compile "$venv/to-lock.txt" --universal --python-version 3.11 --generate-hashes --upgrade \
    --no-header --no-annotate --no-emit-index-url --quiet --output-file requirements.lock
