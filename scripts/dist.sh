#!/bin/sh
# dist.sh VENV: builds what a release consists of into build/dist: wheel, sdist, and what is in them besides our own.
#
# Of the last commit, dated by it, and with tools of which each is locked by its hash, so that whoever builds the
# same commit gets the same bytes, wherever that is. The wheel is built out of the sdist. REPOSITORY names another
# clone, OUT another folder.
set -eu
venv=$1
repository=${REPOSITORY:-.}
out=${OUT:-build/dist}

install_tools() {
    [ -n "$(find "$venv/.has-tools" -newer release.lock 2>/dev/null)" ] && return
    python=$(sh scripts/find-python.sh)
    sh scripts/make-venv.sh "$python" "$venv"
    echo "installing what builds a release into $venv" >&2
    if ! sh scripts/pip-install.sh "$venv" --require-hashes --requirement release.lock; then
        echo "antiphon: pip could not install what builds a release ($(sh scripts/why-pip-failed.sh "$venv"))" >&2
        exit 1
    fi
    touch "$venv/.has-tools"
}

if [ ! -e "$repository/.git" ]; then
    echo 'antiphon: a release is built of a commit, and this is no git repository; clone it' >&2
    exit 1
fi
if ! SOURCE_DATE_EPOCH=$(git -C "$repository" log -1 --format=%ct 2>&1); then
    echo "antiphon: a release is built of a commit, and git shows none ($(echo "$SOURCE_DATE_EPOCH" | head -n 1))" >&2
    exit 1
fi
export SOURCE_DATE_EPOCH
install_tools
[ -z "$(git -C "$repository" status --porcelain)" ] || echo 'antiphon: what is not committed is not in what is built' >&2
source=$(mktemp -d)
trap 'rm -rf "$source"' EXIT
rm -rf "$out"
mkdir -p "$out"
git -C "$repository" archive HEAD | tar -x -C "$source"
if ! "$venv/bin/python" -m build --no-isolation --outdir "$out" "$source" >"$venv/build.log" 2>&1; then
    echo "antiphon: what is released could not be built ($(tail -n 1 "$venv/build.log"))" >&2
    exit 1
fi
"$venv/bin/twine" --no-color check --strict "$out"/antiphon-*
wheel=$(echo "$out"/antiphon-*.whl)
"$venv/bin/python" scripts/bill_of_materials.py "$source" "$wheel" "${wheel%-py3-none-any.whl}.cdx.json"
cd "$out"
sha256sum antiphon-* | tee SHA256SUMS
