#!/bin/sh
# install-system-packages.sh CONSEQUENCE PACKAGE...
#
# Installs Debian packages where root or a sudo without password may, and never asks. Where nobody may,
# or it fails, one line names what is missing and CONSEQUENCE says what that means; the exit code is 1.
# A package that is called differently in an older release is written NEWER|OLDER.
set -eu
consequence=$1
shift
in_words=$(echo "$*" | sed 's/|\([^ ]*\)/ (\1 in an older release)/g')

is_known() {
    apt-cache show "$1" >/dev/null 2>&1
}

# Prints the names that this release knows the packages by; fails where it knows none.
names_here() {
    for alternatives in "$@"; do
        name=${alternatives%%|*}
        is_known "$name" || name=${alternatives##*|}
        is_known "$name" || return 1
        echo "$name"
    done
}

apt_get() {
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=120 "$@" </dev/null >"$log" 2>&1
}

install_now() {
    names=$(names_here "$@") && apt_get install --no-install-recommends $names
}

give_up() {
    if names=$(names_here "$@"); then
        remedy="sudo apt-get install $(echo $names)"
    else
        remedy="sudo apt-get update, then sudo apt-get install $in_words"
    fi
    echo "antiphon: $why, so $consequence; to mend it: $remedy" >&2
    exit 1
}

if ! command -v apt-get >/dev/null; then
    why="the system packages that Debian calls $in_words are missing and there is no apt-get here"
    echo "antiphon: $why, so $consequence" >&2
    exit 1
fi
if [ "$(id -u)" -eq 0 ]; then
    as_root=
elif sudo -n true 2>/dev/null; then
    as_root='sudo -n'
else
    why="this user may not install the missing system packages"
    give_up "$@"
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
echo "installing system packages: $in_words" >&2
# The lists are fetched only when those here do not do: a bare image has none, an old one is out of date.
if ! install_now "$@" && ! { apt_get update && install_now "$@"; }; then
    reason=$(grep -E '^(E|W):' "$log" | head -n 1)
    why="apt-get failed (${reason:-this release has none of that name})"
    give_up "$@"
fi
