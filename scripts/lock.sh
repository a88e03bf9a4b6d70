#!/bin/sh
# lock.sh VENV: writes the locks anew, each file by its hash, for Python 3.11 to 3.13 on x86-64 and 64-bit ARM.
#
#   requirements.lock   what is tested and trained with; asked for by LOCKED=1. Two things are not in it:
#                       python-rtmidi, which a system may bring or have to compile, and what is only for fuzzing.
#   daemon.lock         what of it the daemon and its doors need, and python-rtmidi: the bill of materials
#   release.lock        what builds a release
set -eu
venv=$1

if ! sh scripts/pip-install.sh "$venv" uv; then
    echo "antiphon: pip could not install uv, which locks ($(sh scripts/why-pip-failed.sh "$venv"))" >&2
    exit 1
fi

# What pyproject.toml asks for to play with these extras, but for what only a 32-bit Raspberry Pi has.
wanted() {
    "$venv/bin/python" - "$@" <<'PYTHON'
import sys, tomllib

with open("pyproject.toml", "rb") as file:
    project = tomllib.load(file)["project"]
extras = project["optional-dependencies"]
extras_wanted = sys.argv[1:] or [each for each in extras if each not in ("fuzz", "midi")]
for requirement in project["dependencies"] + [each for extra in extras_wanted for each in extras[extra]]:
    name, _, marker = requirement.partition(";")
    if "'armv' in" not in marker:
        print(name if "'armv' not in" in marker else requirement)
PYTHON
}

lock() {
    "$venv/bin/uv" pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
        --no-emit-index-url --quiet "$@"
}

wanted >"$venv/to-lock.txt"
# uv passes over that a package is only for older Pythons, and pip does not: later ones end at Python 3.10.
echo 'backports.strenum<1.3' >>"$venv/to-lock.txt"
lock "$venv/to-lock.txt" --upgrade --output-file requirements.lock
wanted mqtt osc web serial midi >"$venv/to-lock.txt"
lock "$venv/to-lock.txt" --upgrade --constraint requirements.lock --output-file daemon.lock
lock --group release --upgrade --constraint requirements.lock --output-file release.lock
