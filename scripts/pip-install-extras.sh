#!/bin/sh
# pip-install-extras.sh VENV EXTRAS [ARGUMENT...]: pip install of what pyproject.toml lists under these extras.
#
# Not `pip install .[extra]`, which builds antiphon again, and where a package of the extra cannot be had goes
# looking for another antiphon.
set -eu
venv=$1
extras=$2
shift 2
[ -w "$venv" ] || exit 1
"$venv/bin/python" - "$extras" >"$venv/extras.txt" <<'PYTHON'
import sys, tomllib

with open("pyproject.toml", "rb") as file:
    extras = tomllib.load(file)["project"]["optional-dependencies"]
print(*(requirement for extra in sys.argv[1].split(",") for requirement in extras[extra]), sep="\n")
PYTHON
exec sh scripts/pip-install.sh "$venv" --requirement "$venv/extras.txt" "$@"
