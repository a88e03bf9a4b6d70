#!/bin/sh
# test-arm64.sh [PATH...]: the unit tests of the core and of what runs the network, as programs for arm64, by emulation.
#
# Needs root, mmdebstrap and qemu-user-static; where one is missing, a line says so and nothing fails. Debian 12 for
# arm64 is made once in build/arm64, with wheels for it beside it. It takes about half an hour.
set -eu
PYTHON=${PYTHON:-python3}
PATH="$PATH:/usr/sbin"
root=build/arm64/root
site=build/arm64/site-packages

skip() {
    echo "test-arm64: skipped, $*" >&2
    exit 0
}

[ "$(id -u)" = 0 ] || skip 'only root can make a Debian for arm64'
command -v mmdebstrap >/dev/null || skip 'mmdebstrap is missing'
sh scripts/allow-arm64.sh || skip 'programs for arm64 cannot be started here (packages qemu-user-static, arch-test)'

make_root() {
    rm -rf "$root"
    mkdir -p build/arm64
    mmdebstrap --quiet --mode=root --variant=minbase --architectures=arm64 --include=python3,libasound2,libstdc++6 \
        --aptopt='Apt::Install-Recommends "false"' --customize-hook='mkdir "$1/mnt/antiphon"' bookworm "$root"
    cp "$0" "$root/made-by"
}

# Fetched by the Python of this machine, which is many times faster.
fetch_wheels() {
    rm -rf "$site"
    platforms=
    for each in _2_31 _2_28 _2_27 _2_17 2014; do
        platforms="$platforms --platform manylinux${each}_aarch64"
    done
    "$PYTHON" - >build/arm64/requirements.txt <<'PYTHON'
import tomllib

from pip._vendor.packaging.requirements import Requirement

with open("pyproject.toml", "rb") as file:
    project = tomllib.load(file)["project"]
extras = project["optional-dependencies"]
for requirement in map(Requirement, [*project["dependencies"], *extras["midi"], *extras["serial"], *extras["mqtt"], *extras["osc"]]):
    if requirement.marker is None or requirement.marker.evaluate({"platform_machine": "aarch64"}):
        requirement.marker = None
        print(requirement)
print("pytest>=8.4", "hypothesis>=6.130", sep="\n")
PYTHON
    "$PYTHON" -m pip install --quiet --disable-pip-version-check --target "$site" --python-version 3.11 \
        --only-binary :all: $platforms --requirement build/arm64/requirements.txt
    cp pyproject.toml build/arm64/made-for
}

cmp -s "$0" "$root/made-by" || make_root
cmp -s pyproject.toml build/arm64/made-for || fetch_wheels
[ $# -gt 0 ] || set -- tests/core tests/adapters/engines
exec unshare --mount sh -c '
    root=$1 site=$2
    shift 2
    mount --bind . "$root/mnt/antiphon"
    mount -t proc proc "$root/proc"
    # The runtime looks there for its processors, and would not understand those of this machine.
    mount -t tmpfs none "$root/sys"
    mkdir -p "$root/sys/devices/system/cpu"
    echo 0-1 | tee "$root/sys/devices/system/cpu/possible" >"$root/sys/devices/system/cpu/present"
    mount --rbind /dev "$root/dev"
    # As in CI, so that hypothesis sets no deadlines.
    exec chroot "$root" env HOME=/root PYTHONDONTWRITEBYTECODE=1 CI=true \
        PYTHONPATH="/mnt/antiphon/$site:/mnt/antiphon/daemon:/mnt/antiphon/models:/mnt/antiphon/export" \
        sh -c "cd /mnt/antiphon && exec python3 -m pytest -p no:cacheprovider -rs \"\$@\"" pytest "$@"
' test-arm64 "$root" "$site" "$@"
