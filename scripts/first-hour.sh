#!/bin/sh
# first-hour.sh STEP [ARGUMENT...]: one of the first things that somebody does with Antiphon; fresh.sh says where.
set -eux
given=/mnt/given
step=$1
shift

# Plays out of an installation, far from any source.
play_with() {
    cd "$(mktemp -d)"
    "$1" --version
    "$1" compose --seconds 4 --seed 1 -o piece.mid
    "$1" respond piece.mid -o answer.mid --seed 1 --seconds 4
    test -s answer.mid
    # 3 is a MIDI system that is missing, as on any machine without sound; everything else it has to find.
    code=0
    "$1" doctor || code=$?
    [ "$code" = 0 ] || [ "$code" = 3 ]
}

install_and_play() {
    rm -rf "$HOME/venv"
    python3 -m venv "$HOME/venv"
    "$HOME/venv/bin/pip" install --no-input --quiet "$1"
    play_with "$HOME/venv/bin/antiphon"
    rm -rf "$HOME/venv"
}

case $step in
    clone)
        rm -rf "$HOME/antiphon"
        git clone --quiet "$given/antiphon.bundle" "$HOME/antiphon"
        ;;
    jam)
        cd "$HOME/antiphon"
        timeout 900 make jam
        ;;
    test)
        cd "$HOME/antiphon"
        make test PYTEST_OPTIONS="-q $(tr '\n' ' ' <"$given/part")"
        ;;
    dist)
        cd "$HOME/antiphon"
        make dist
        cmp build/dist/SHA256SUMS "$given/SHA256SUMS"
        ;;
    wheel) install_and_play "$(echo "$given"/antiphon-*.whl)" ;;
    sdist) install_and_play "$(echo "$given"/antiphon-*.tar.gz)" ;;
    pipx)
        command -v pipx || apt-get -q -y install --no-install-recommends pipx || {
            apt-get -q update
            apt-get -q -y install --no-install-recommends pipx
        }
        pipx install "$(echo "$given"/antiphon-*.whl)"
        play_with "$HOME/.local/bin/antiphon"
        ;;
    leave) rm -rf "$HOME/antiphon" "$HOME/.cache" "$HOME/.local" ;;
    under)
        python=$1
        given=$2
        rm -rf "$HOME/venv" "$HOME/antiphon"
        git clone --quiet "$given/antiphon.bundle" "$HOME/antiphon"
        "$python" -m venv "$HOME/venv"
        "$HOME/venv/bin/pip" install --no-input --quiet "$(echo "$given"/antiphon-*.whl)[mqtt,osc,web,serial]" pytest hypothesis
        play_with "$HOME/venv/bin/antiphon"
        # What is tested is the wheel: nothing of the clone but its tests is looked at.
        cd "$HOME/antiphon"
        rm -r daemon models export
        "$HOME/venv/bin/python" -m pytest -q -rs tests/core tests/adapters/engines tests/adapters/files tests/test_cli.py tests/test_config.py
        rm -rf "$HOME/venv" "$HOME/antiphon"
        ;;
esac
