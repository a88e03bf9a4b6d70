#!/bin/sh
# make-venv.sh PYTHON VENV [CONSEQUENCE]: makes a virtual environment anew.
#
# Where that cannot be, one line says why, and CONSEQUENCE what that means; the exit code is 1.
set -eu
python=$1
venv=$2
consequence=${3:-}

said=$(rm -rf "$venv" 2>&1 && "$python" -m venv "$venv" 2>&1) && exit
reason=$(echo "$said" | tail -n 1)
echo "antiphon: $python could not make the virtual environment $venv${consequence:+, so $consequence} ($reason)" >&2
exit 1
