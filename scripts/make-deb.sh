#!/bin/sh
# make-deb.sh: builds build/antiphon_VERSION_ARCHITECTURE.deb, for the release of Debian that this runs on.
#
# The package holds a virtual environment, so it suits the Python of this release only. WHEELS names a folder of
# wheels to build from without a network.
set -eu
if ! command -v dpkg-deb >/dev/null; then
    echo 'antiphon: a package for Debian can be built only there, and this machine has no dpkg-deb' >&2
    exit 1
fi
root=$(pwd)/build/deb
version=$(sed -n 's/^__version__ = "\(.*\)"/\1/p' daemon/antiphon/__init__.py)
architecture=$(dpkg --print-architecture)
rm -rf "$root"
PYTHON=/usr/bin/python3 sh systemd/install.sh --root "$root" --prefix /usr ${WHEELS:+--wheels "$WHEELS"}

minor=$(/usr/bin/python3 -c 'import sys; print(sys.version_info.minor)')
midi=
if grep -q 'include-system-site-packages = true' "$root"/opt/antiphon/current/pyvenv.cfg; then
    midi=', python3-rtmidi'
fi
# Byte code names the folder that it was made in; whoever installs the package makes his own.
find "$root" -name __pycache__ -prune -exec rm -rf {} +
mkdir "$root/DEBIAN"
cat >"$root/DEBIAN/control" <<CONTROL
Package: antiphon
Version: $version
Architecture: $architecture
Maintainer: The Antiphon project <antiphon@localhost>
Installed-Size: $(du -sk "$root" | cut -f1)
Depends: python3 (>= 3.$minor), python3 (<< 3.$((minor + 1))), libasound2t64 | libasound2, systemd$midi
Section: sound
Priority: optional
Description: real-time MIDI improvisation daemon
 You play a phrase on a MIDI keyboard and pause; it answers. Runs as a service.
CONTROL
echo /etc/antiphon/antiphon.toml >"$root/DEBIAN/conffiles"
cat >"$root/DEBIAN/postinst" <<'POSTINST'
#!/bin/sh
set -e
if [ "$1" = configure ]; then
    systemd-sysusers antiphon.conf
    systemd-tmpfiles --create antiphon.conf
    /opt/antiphon/current/bin/python -m compileall -qq -j 0 -x '/tests?/' /opt/antiphon/current/lib || true
    if [ -d /run/systemd/system ]; then
        systemctl daemon-reload
        udevadm control --reload || true
        one=
        if [ -e /run/antiphon-is-off ]; then
            rm /run/antiphon-is-off
        else
            one=antiphon.service
            systemctl enable --quiet $one
        fi
        running=$(systemctl list-units --plain --no-legend --full --state=active,activating,reloading 'antiphon@*.service')
        set -- $one $(echo "$running" | cut -d' ' -f1)
        [ $# = 0 ] || systemctl restart "$@" || echo 'antiphon does not play yet; see journalctl -u antiphon' >&2
    fi
fi
POSTINST
cat >"$root/DEBIAN/prerm" <<'PRERM'
#!/bin/sh
set -e
if [ "$1" = remove ] && [ -d /run/systemd/system ]; then
    started=$(systemctl list-units --all --plain --no-legend --full 'antiphon@*.service' | cut -d' ' -f1)
    enabled=$(find /etc/systemd/system -path '*.wants/antiphon@*.service' -printf '%f\n')
    systemctl disable --quiet --now antiphon.service $started $enabled || true
fi
# Who has switched the one service off, in favour of several, keeps it off through an upgrade.
if [ "$1" = upgrade ] && [ -d /run/systemd/system ] && ! systemctl is-enabled --quiet antiphon.service; then
    touch /run/antiphon-is-off
fi
# What was compiled after it was unpacked is no part of the package.
find /opt/antiphon -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true
PRERM
cat >"$root/DEBIAN/postrm" <<'POSTRM'
#!/bin/sh
set -e
[ ! -d /run/systemd/system ] || systemctl daemon-reload
rm -f /run/lock/antiphon-*.lock
if [ "$1" = purge ]; then
    rm -rf /var/lib/antiphon /etc/antiphon /etc/credstore/antiphon.mqtt-password
    userdel antiphon 2>/dev/null || true
fi
POSTRM
chmod 755 "$root"/DEBIAN/p*
# Of the ways to pack it this is the one that a Pi unpacks in seconds.
dpkg-deb -Zzstd --build --root-owner-group "$root" "build/antiphon_${version}_$architecture.deb"
rm -rf "$root"
