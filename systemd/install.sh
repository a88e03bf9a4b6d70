#!/bin/sh
# install.sh: installs Antiphon as a service, from a checkout or from a wheel; run it as root.
#
#   sudo ./systemd/install.sh [--dry-run] [--wheels FOLDER] [--root FOLDER] [--no-start]
#   sudo ./systemd/install.sh --uninstall | --purge
#
#   --wheels FOLDER  install from the wheels in this folder alone, without a network
#   --dry-run        print what would be done
#   --root FOLDER    put all files below this folder, and start nothing (for images and packages)
#   --prefix FOLDER  where units and the command go, /usr/local unless said (for packages)
#   --no-start       install, but start nothing
#   --uninstall      remove everything but recordings and configuration
#   --purge          remove these too
#
# Each version lies in a folder of its own below /opt/antiphon, and `current` points to the one that is used. A
# new one is made beside the old, tried, and only then pointed to; if the service does not come up with it, the
# old one is pointed to again. Run again, it upgrades; what you have written to /etc/antiphon is never touched.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=
prefix=/usr/local
wheels=
action=install
starts=yes
dry=

usage() {
    sed -n '2,/^set -eu/s/^# \{0,1\}//p' "$0"
}

say() {
    echo "antiphon: $*" >&2
}

fail() {
    say "$*"
    exit 1
}

# Does what it is given, or says so in a dry run.
run() {
    if [ -n "$dry" ]; then
        echo "$*"
    else
        "$@"
    fi
}

while [ $# -gt 0 ]; do
    case $1 in
        --dry-run) dry=yes ;;
        --uninstall) action=uninstall ;;
        --purge) action=purge ;;
        --no-start) starts= ;;
        --wheels) [ $# -gt 1 ] || fail '--wheels wants a folder'; wheels=$(cd "$2" && pwd) || exit 1; shift ;;
        --root) [ $# -gt 1 ] || fail '--root wants a folder'; root=${2%/}; starts=; shift ;;
        --prefix) [ $# -gt 1 ] || fail '--prefix wants a folder'; prefix=$2; shift ;;
        --help | -h) usage; exit ;;
        *) fail "there is no option $1; see $0 --help" ;;
    esac
    shift
done
[ -n "$dry" ] || [ -n "$root" ] || [ "$(id -u)" = 0 ] || fail "run it as root: sudo $0"
[ -n "$dry$root" ] || [ $action != install ] || command -v systemd-sysusers >/dev/null ||
    fail 'there is no systemd here to run a service; `make jam` in a clone needs none'
# Without a running systemd, as in an image that is being made, there is nothing to start.
[ -d /run/systemd/system ] || starts=

home=$root/opt/antiphon
current=$home/current
lib=$root$prefix/lib
share=$root$prefix/share
# Debian's zsh looks for what packages bring in another folder than for what the administrator has.
zsh=$share/zsh/site-functions
[ "$prefix" != /usr ] || zsh=$share/zsh/vendor-completions
command=$root$prefix/bin/antiphon
configuration=$root/etc/antiphon/antiphon.toml

# Where each file of a version belongs; one line for each, so that removing finds the same.
places() {
    cat <<PLACES
antiphon.service $lib/systemd/system/antiphon.service
antiphon@.service $lib/systemd/system/antiphon@.service
antiphon.sysusers $lib/sysusers.d/antiphon.conf
antiphon.tmpfiles $lib/tmpfiles.d/antiphon.conf
antiphon.rules $lib/udev/rules.d/70-antiphon.rules
antiphon.1 $share/man/man1/antiphon.1
antiphon.bash $share/bash-completion/completions/antiphon
antiphon.zsh $zsh/_antiphon
antiphon.fish $share/fish/vendor_completions.d/antiphon.fish
PLACES
}

# What is installed: a wheel in the folder of wheels or beside this script, else the checkout around it.
find_source() {
    for wheel in ${wheels:+"$wheels"/antiphon-*.whl} "$here"/antiphon-*.whl "$here"/../dist/antiphon-*.whl; do
        if [ -f "$wheel" ]; then
            echo "$wheel"
            return
        fi
    done
    [ -f "$here/../pyproject.toml" ] || fail "there is neither a wheel nor a checkout beside $here"
    (cd "$here/.." && pwd)
}

python_will_do() {
    "$1" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    for candidate in ${PYTHON:+"$PYTHON"} /usr/bin/python3 python3.13 python3.12 python3.11; do
        if python_will_do "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    return 1
}

# Debian's packages, where they are missing; without a network, or elsewhere than on Debian, nothing comes of it.
# The lists are fetched only when those here do not do: a bare image has none, an old one is out of date.
fetch_packages() {
    [ -z "$root" ] && [ -z "$wheels" ] && command -v apt-get >/dev/null || return 1
    say "installing $*"
    set -- run env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "$@"
    "$@" >&2 || { run apt-get update >&2 && "$@" >&2; }
}

pip_install() {
    run "$new/bin/python" -m pip install --quiet --disable-pip-version-check --no-compile \
        ${wheels:+--no-index --find-links "$wheels"} "$@"
}

has_midi() {
    [ -n "$dry" ] || "$new/bin/python" -c 'import rtmidi' 2>/dev/null
}

# MIDI by a wheel; else by Debian's own package, which this Python then may see; else built here.
install_midi() {
    if pip_install --only-binary python-rtmidi "$source[midi]" && { has_midi || fetch_packages libasound2; }; then
        has_midi && return
    fi
    say 'there is no wheel of python-rtmidi that works here; looking for the system'"'"'s own'
    # What else the extra "midi" holds was not installed either, for pip installs all of it or nothing.
    pip_install "$source[jack]" || say 'JACK-Client cannot be had, so there is MIDI by ALSA, and none by JACK'
    sed -i 's/^\(include-system-site-packages\) = false/\1 = true/' "$new/pyvenv.cfg"
    has_midi && return
    fetch_packages python3-rtmidi && has_midi && return
    fetch_packages g++ pkg-config python3-dev libasound2-dev libjack-jackd2-dev && pip_install "$source[midi]"
    has_midi
}

# The service may not write byte code later. pip would make it with one core, and of tests that nobody runs.
compile() {
    run "$new/bin/python" -m compileall -qq -j 0 -x '/tests?/' "$new/lib" || say 'some byte code could not be made'
}

# A new version beside the one that is used; whatever fails here leaves that one as it is.
make_version() {
    source=$(find_source)
    python=$(find_python) || { fetch_packages python3 python3-venv && python=$(find_python); } ||
        fail 'there is no Python 3.11 or later with venv; install one and name it with PYTHON='
    say "installing $source with $python"
    run mkdir -p "$home"
    [ -n "$dry" ] || trap 'rm -rf "$new"' EXIT
    trap 'exit 1' INT TERM HUP
    run "$python" -m venv "$new"
    pip_install "$source[mqtt,osc,web,serial]" || fail 'pip could not install what the daemon needs; nothing has changed'
    install_midi || fail 'python-rtmidi cannot be had, so there would be no MIDI; install the package python3-rtmidi and try again; nothing has changed'
    compile
    run mkdir -p "$new/systemd"
    for file in antiphon.service antiphon@.service antiphon.sysusers antiphon.tmpfiles antiphon.rules install.sh; do
        run cp "$here/$file" "$new/systemd/$file"
    done
    make_manners
    # It is tried before anything depends on it: every library is found, and a network computes.
    run "$new/bin/antiphon" --version >/dev/null || fail 'what was installed does not start; nothing has changed'
    run "$new/bin/antiphon" models >/dev/null || fail 'what was installed finds no model; nothing has changed'
    trap - EXIT
}

# The page of the manual, and what each shell has to read to complete the command.
make_manners() {
    run cp "$new/share/man/man1/antiphon.1" "$new/systemd/antiphon.1" || true
    for shell in bash zsh fish; do
        if [ -n "$dry" ]; then
            echo "_ANTIPHON_COMPLETE=source_$shell $new/bin/antiphon > $new/systemd/antiphon.$shell"
        else
            # zsh wants to be told by the very first line whose it is.
            _ANTIPHON_COMPLETE=source_$shell "$new/bin/antiphon" | sed '/./,$!d' >"$new/systemd/antiphon.$shell"
        fi
    done
}

# Points to a version and puts its files where the system looks for them.
use_version() {
    version=$1
    places | while read -r file place; do
        # A version of before may know nothing of some of them.
        [ -n "$dry" ] || [ -s "$version/systemd/$file" ] || continue
        run mkdir -p "$(dirname "$place")"
        run install -m 644 "$version/systemd/$file" "$place"
    done
    run ln -sfn "$(basename "$version")" "$current.new"
    run mv -T "$current.new" "$current"
    run mkdir -p "$(dirname "$command")"
    run ln -sfn /opt/antiphon/current/bin/antiphon "$command"
}

write_configuration() {
    [ ! -e "$configuration" ] || return 0
    run mkdir -p "$(dirname "$configuration")"
    if [ -n "$dry" ]; then
        echo "antiphon config --defaults, every line a comment but midi.wait, > $configuration"
        return
    fi
    {
        echo '# What the service plays with. To change a setting, take the # off its line and off the [section] above it,'
        echo '# then: systemctl reload antiphon (or restart, where `antiphon config` says so).'
        echo
        # A service goes on without its keyboard, so that this may be switched on an hour later.
        "$new/bin/antiphon" config --defaults |
            sed -e 's/^\([^#]\)/# \1/' -e 's/^# \(\[midi\]\)$/\1/' -e 's/^# wait = false$/wait = true/'
    } >"$configuration.new"
    mv "$configuration.new" "$configuration"
}

make_known() {
    [ -z "$root" ] || return 0
    run systemd-sysusers "$lib/sysusers.d/antiphon.conf"
    run systemd-tmpfiles --create "$lib/tmpfiles.d/antiphon.conf"
    [ -n "$starts" ] || return 0
    run systemctl daemon-reload
    run udevadm control --reload || true
}

# The instances besides the one service: those in certain states, or all that were ever started or enabled.
instances() {
    systemctl list-units --plain --no-legend --full "$@" 'antiphon@*.service' 2>/dev/null | cut -d' ' -f1
}

enabled_instances() {
    find /etc/systemd/system -path '*.wants/antiphon@*.service' -printf '%f\n' 2>/dev/null
}

# Starts everything anew, but for the one service where somebody has switched it off in favour of several.
start() {
    one=
    if [ -z "$former" ] || systemctl is-enabled --quiet antiphon.service; then
        one=antiphon.service
        run systemctl enable --quiet $one
    fi
    set -- $one $(instances --state=active,activating,reloading)
    [ $# = 0 ] || run systemctl restart "$@"
}

go_back() {
    say "the service does not come up with the new version; going back to $former"
    use_version "$home/$former"
    make_known
    start || true
    rm -rf "$new"
    exit 1
}

install_all() {
    former=$(readlink "$current" 2>/dev/null || true)
    make_version
    use_version "$new"
    write_configuration
    make_known
    if [ -n "$starts" ] && ! start; then
        [ -z "$former" ] || go_back
        fail 'it is installed, but does not play yet; `journalctl -u antiphon` says why'
    fi
    # The programs of an environment name their Python by its full path, which is another once the root is one.
    [ -z "$root" ] || [ -n "$dry" ] || grep -lI "^#!$root/" "$new"/bin/* | xargs -r sed -i "1s|^#!$root/|#!/|"
    for version in "$home"/[0-9]*; do
        [ "$version" = "$new" ] || [ ! -d "$version" ] || run rm -rf "$version"
    done
    say 'installed; `systemctl status antiphon` says what it is doing'
}

remove_all() {
    if [ -n "$starts" ]; then
        run systemctl disable --quiet --now antiphon.service $(instances --all; enabled_instances) 2>/dev/null || true
    fi
    places | while read -r _ place; do
        run rm -f "$place"
        run rmdir --ignore-fail-on-non-empty "$(dirname "$place")" 2>/dev/null || true
    done
    run rmdir --ignore-fail-on-non-empty "$lib/systemd" "$lib/udev" 2>/dev/null || true
    run rm -rf "$home" "$command"
    if [ -z "$root" ]; then
        run rm -f /run/lock/antiphon-*.lock
        # What is kept is to belong to somebody whom there is.
        [ ! -d /var/lib/antiphon ] || run chown -R root:audio /var/lib/antiphon
        ! id antiphon >/dev/null 2>&1 || run userdel antiphon
        [ -z "$starts" ] || { run systemctl daemon-reload; run systemctl reset-failed 'antiphon*' 2>/dev/null || true; }
        [ -z "$starts" ] || run udevadm control --reload || true
    fi
    if [ "$action" = purge ]; then
        run rm -rf "$root/etc/antiphon" "$root/var/lib/antiphon" "$root/etc/credstore/antiphon.mqtt-password"
        say 'removed, with recordings and configuration'
    else
        say "removed; recordings are still in $root/var/lib/antiphon, the configuration in $root/etc/antiphon"
    fi
}

new=$home/$(date +%Y%m%d%H%M%S)
case $action in
    install) install_all ;;
    *) remove_all ;;
esac
