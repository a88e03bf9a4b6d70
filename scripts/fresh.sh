#!/bin/sh
# fresh.sh [SUITE...]: what a stranger does first, on bare machines: a Debian 12 and a Debian 13 made for it alone.
# Where SUITE is `none`, only what is tried on this machine itself.
#
# Each holds git, make and python3-venv and nothing else beyond the base system. In each an ordinary user who may
# install nothing goes first, and then root: clone, `make jam`, `make test`; `make dist`, which has to give the very
# bytes that it gives here; then wheel and sdist by pip, and the wheel by Debian's pipx. Last the wheel goes into a
# virtual environment of each Python of this machine that it is for, where a part of the tests is run. What is cloned
# is the last commit.
#
# Of the tests it is a part that takes minutes, PART; with FULL=1 it is all of them. STEPS names single steps of
# first-hour.sh, WHO one of the two. What pip and apt of this machine have been told, and whom they trust, holds
# there as well. Needs root, mmdebstrap, namespaces and 6 GB of disk; where one is missing, or no Debian can be
# had, a line says so and nothing fails. Each step's log is kept in build/fresh, the machines are not. What came of
# a run that left out none of this is written into PAGE.
set -eu
PAGE=docs/bare-machines.md
narrowed="$*${WHO:-}${STEPS:-}${PYTHONS+these}"
PART=${PART:-tests/core tests/adapters/engines tests/adapters/files tests/adapters/midi tests/test_cli.py tests/test_compose.py
    tests/test_config.py tests/test_house.py tests/test_jam.py tests/test_release.py tests/test_releases.py tests/test_respond.py}
WHO=${WHO:-player root}
STEPS=${STEPS:-clone jam test dist wheel sdist pipx}
PYTHONS=${PYTHONS-3.11 3.12 3.13}
LIMIT=${LIMIT:-5400}
PATH="$PATH:/usr/sbin"
folder=$(pwd)/build/fresh
given=$folder/given
results=$folder/results
[ -z "${FULL:-}" ] || PART=

skip() {
    echo "fresh: skipped, $*" >&2
    exit 0
}

[ "$(id -u)" = 0 ] || skip 'only root can make a Debian'
command -v mmdebstrap >/dev/null || sh scripts/install-system-packages.sh 'no bare machine is made' mmdebstrap || exit 0
unshare --mount --pid --fork --kill-child true 2>/dev/null || skip 'not even root may make namespaces here'
[ "$(df -Pk . | awk 'END { print $4 }')" -gt 6000000 ] || skip 'it wants 6 GB of disk, and there is less here'

# What is brought in: the repository as one file, what `make dist` has built of the same commit, and the steps.
gather() {
    rm -rf "$given"
    mkdir -p "$given"
    git bundle create --quiet "$given/antiphon.bundle" HEAD
    cp build/dist/* scripts/first-hour.sh "$given/"
    echo "$PART" >"$given/part"
    [ -z "$(git status --porcelain)" ] || echo 'fresh: what is not committed is not in what is tried' >&2
}

copy_if_there() {
    for each in "$@"; do
        [ ! -e "$each" ] || cp "$each" "$root$each"
    done
}

make_root() {
    rm -rf "$root"
    mmdebstrap --quiet --mode=root --variant=minbase --include=git,make,python3-venv \
        --customize-hook='mkdir "$1/mnt/given"; chroot "$1" useradd --create-home --shell /bin/sh player' \
        --customize-hook='rm -rf "$1"/var/lib/apt/lists/*' "$suite" "$root" >"$folder/$suite.log" 2>&1 || return
    copy_if_there /etc/resolv.conf /etc/hosts /etc/pip.conf /etc/ssl/certs/ca-certificates.crt
}

# Runs a command in the machine as somebody; whatever it has started or mounted goes with it.
within() {
    who=$1
    shift
    unshare --mount --pid --fork --kill-child sh -c '
        root=$1 given=$2 who=$3 limit=$4
        shift 4
        mount -t proc proc "$root/proc"
        mount -t sysfs -o ro sysfs "$root/sys"
        mount --rbind /dev "$root/dev"
        mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
        mount --bind -o ro "$given" "$root/mnt/given"
        home=/root
        [ "$who" = root ] || home=/home/$who
        exec chroot "$root" runuser -u "$who" -- env -i HOME=$home USER=$who LANG=C.UTF-8 PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
            CI=true timeout -k 10 "$limit" "$@"
    ' fresh "$root" "$given" "$who" "$LIMIT" "$@"
}

# What a step has left out: what it could not install, and the tests that were skipped, by reason.
left_out() {
    sed -n 's/^antiphon: //p' "$1" | awk '!told[$0]++'
    sed -nE 's/^SKIPPED \[([0-9]+)\] [^ ]+: /\1 /p' "$1" |
        awk '{ tests = $1; sub(/^[0-9]+ /, ""); skipped[$0] += tests }
            END { for (why in skipped) print skipped[why] " tests: " why }' | sort -k 3
}

# Runs one step, tells how it went and how long it took, and below that what it left out and why.
try() {
    where=$1
    what=$2
    log=$3
    shift 3
    began=$(date +%s)
    failed=
    "$@" </dev/null >"$log" 2>&1 || failed=1
    outcome=$(sed -nE 's/^[= ]*([0-9].* (passed|failed|skipped).*) in [0-9.]+s.*/\1/p' "$log" | tail -n 1)
    [ -z "$failed" ] || outcome="FAILED${outcome:+: $outcome}"
    outcome=${outcome:-passed}
    printf '%s\t%s\t%s\n' "$where" "$what" "$outcome" >>"$results"
    echo "$where: $what: $outcome; $(($(date +%s) - began)) s"
    left_out "$log" | sed 's/^/    /'
    if [ -n "$failed" ]; then
        echo "    $log ends with"
        tail -n 5 "$log" | sed 's/^/    | /'
    fi
}

# On this machine itself, in a virtual environment of one of its Pythons.
with_python() {
    env -u PYTHONPATH HOME="$folder/home" CI=true timeout -k 10 "$LIMIT" sh "$given/first-hour.sh" under "$1" "$given"
}

# A program of that name may be no more than a stand-in that says that there is none.
find_python() {
    for candidate in "python$1" "${PYENV_ROOT:-$HOME/.pyenv}/versions/$1".*/bin/python; do
        if "$candidate" -c 'import ensurepip, venv' >/dev/null 2>&1; then
            echo "$candidate"
            return
        fi
    done
}

mkdir -p "$folder"
root=
trap 'rm -rf "$root" "$given" "$folder/home"' EXIT
trap 'exit 130' INT TERM
rm -rf "$results" "$folder/home" "$folder"/*.log
mkdir "$folder/home"
: >"$results"
sh scripts/dist.sh .venv-dist
gather
commit=$(git log -1 --format='%h of %as')
[ $# -gt 0 ] || set -- bookworm trixie
for suite in "$@"; do
    [ "$suite" != none ] || break
    root=$folder/$suite
    if ! make_root; then
        echo "fresh: $suite is skipped, mmdebstrap could not make it ($(grep '^E:' "$folder/$suite.log" | tail -n 1))" >&2
        rm -rf "$root"
        narrowed="without $suite"
        continue
    fi
    for who in $WHO; do
        for step in $STEPS; do
            # Debian's pipx is one more package, which only root may install; and once is enough to build.
            case $step,$who in pipx,player | dist,root) continue ;; esac
            try "$suite, $who" "$step" "$folder/$suite-$who-$step.log" within "$who" sh /mnt/given/first-hour.sh "$step"
        done
        within "$who" sh /mnt/given/first-hour.sh leave 2>/dev/null
    done
    rm -rf "$root"
done
for version in $PYTHONS; do
    python=$(find_python "$version")
    if [ -n "$python" ]; then
        try "Python $version" wheel "$folder/python$version.log" with_python "$python"
    else
        echo "fresh: there is no Python $version here, so the wheel is not tried with it" >&2
    fi
done
if [ -z "$narrowed" ]; then
    .venv-dist/bin/python scripts/fresh_page.py "$results" "$PAGE" "$commit"
fi
failed=$(awk -F '\t' '$3 ~ /^FAILED/ { print $1 ": " $2 }' "$results" | paste -sd ,)
echo "fresh: of $(wc -l <"$results") steps ${failed:-none} failed" >&2
[ -z "$failed" ]
