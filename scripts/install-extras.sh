#!/bin/sh
# install-extras.sh [--optional CONSEQUENCE] VENV EXTRAS
#
# Installs extras of pyproject.toml, comma-separated, into a virtual environment that has the daemon.
# Where they are optional, a failure is told in one line that ends with CONSEQUENCE, and is no failure.
set -eu
consequence=
if [ "$1" = --optional ]; then
    consequence=$2
    shift 2
fi
venv=$1
extras=$2
stamp=$venv/.has-$extras

[ -n "$(find "$stamp" -newer pyproject.toml 2>/dev/null)" ] && exit
echo "installing the extras $extras into $venv" >&2
if sh scripts/pip-install-extras.sh "$venv" "$extras"; then
    touch "$stamp"
    exit
fi
reason=$(sh scripts/why-pip-failed.sh "$venv")
echo "antiphon: pip could not install $extras${consequence:+, so $consequence} ($reason)" >&2
[ -n "$consequence" ]
