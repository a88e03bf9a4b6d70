#!/bin/sh
# install-daemon.sh VENV: makes a virtual environment that holds everything the daemon needs but MIDI.
#
# Does nothing where that has been done. An environment is made anew where it does not work, where this folder
# was moved (its programs name their Python by its full path), and where $PYTHON asks for another Python.
# Where LOCKED is set, requirements.lock is installed first, each file checked by its hash; that brings what
# tests and training need as well, so that nothing is left for others to choose but python-rtmidi.
set -eu
venv=$1
stamp=$venv/.has-daemon

belongs_here() {
    { read -r folder && read -r python; } 2>/dev/null <"$stamp" &&
        [ "$folder" = "$(pwd)" ] && [ "${PYTHON:-$python}" = "$python" ] &&
        "$venv/bin/python" -m pip --version >/dev/null 2>&1
}

is_up_to_date() {
    [ -n "$(find "$stamp" -newer pyproject.toml -newer scripts/install-daemon.sh)" ]
}

if [ ! -e "$stamp" ] || ! belongs_here; then
    python=$(sh scripts/find-python.sh)
    sh scripts/make-venv.sh "$python" "$venv"
elif is_up_to_date; then
    exit
fi

if [ -n "${LOCKED:-}" ]; then
    echo "installing what is locked into $venv" >&2
    if ! sh scripts/pip-install.sh "$venv" --require-hashes --requirement requirements.lock; then
        reason=$(sh scripts/why-pip-failed.sh "$venv")
        echo "antiphon: pip could not install what is locked ($reason)" >&2
        exit 1
    fi
fi
echo "installing antiphon into $venv ($("$venv/bin/python" --version))" >&2
if ! sh scripts/pip-install.sh "$venv" --editable .; then
    reason=$(sh scripts/why-pip-failed.sh "$venv")
    echo "antiphon: pip could not install what the daemon needs ($reason)" >&2
    exit 1
fi
# pip compiles what it copies, but this it leaves where it is. Otherwise each start of a Python that may not write
# would compile it, for a fifth of the time that it takes to start; where nobody may write here, that is so.
"$venv/bin/python" -m compileall -qq daemon models || true
printf '%s\n%s\n' "$(pwd)" "$python" >"$stamp"
