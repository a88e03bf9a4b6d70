#!/bin/sh
# check-wheels.sh: whether everything that plays can be had as wheels for a 64-bit Raspberry Pi, Python by Python.
#
# Asks the index alone, and nothing that this machine has been told of or holds besides. python-rtmidi has no wheel
# for Python 3.13; there, that is on Debian 13, it is Debian's own package python3-rtmidi, which install.sh takes.
set -eu
PYTHON=${PYTHON:-python3}
machine=${MACHINE:-aarch64}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# What pyproject.toml asks for on such a machine, with these extras.
requirements() {
    "$PYTHON" - "$machine" "$1" <<'PYTHON'
import sys, tomllib
from pip._vendor.packaging.requirements import Requirement

machine, extras = sys.argv[1:]
with open("pyproject.toml", "rb") as file:
    project = tomllib.load(file)["project"]
wanted = [*project["dependencies"], *(each for extra in extras.split(",") for each in project["optional-dependencies"][extra])]
for requirement in map(Requirement, wanted):
    if requirement.marker is None or requirement.marker.evaluate({"platform_machine": machine}):
        requirement.marker = None
        print(requirement)
PYTHON
}

resolves() {
    requirements "$2" >"$folder/requirements.txt"
    platforms=
    for each in _2_31 _2_28 _2_27 _2_17 2014; do
        platforms="$platforms --platform manylinux${each}_$machine"
    done
    PIP_CONFIG_FILE=/dev/null PIP_FIND_LINKS= PIP_EXTRA_INDEX_URL= "$PYTHON" -m pip install --dry-run --quiet \
        --no-cache-dir --ignore-installed --target "$folder/none" --python-version "$1" --only-binary :all: $platforms \
        --requirement "$folder/requirements.txt" 2>"$folder/why"
}

for version in 3.11 3.12 3.13; do
    extras=mqtt,osc,web,serial,midi
    if [ $version = 3.13 ]; then
        extras=mqtt,osc,web,serial,jack
        if resolves $version midi; then
            echo "there is a wheel of python-rtmidi for Python $version now; install.sh and this file need not care any more" >&2
        fi
    fi
    if ! resolves $version "$extras"; then
        cat "$folder/why" >&2
        echo "check-wheels: on $machine, antiphon[$extras] does not resolve for Python $version" >&2
        exit 1
    fi
    echo "Python $version on $machine: wheels for antiphon[$extras]"
done
