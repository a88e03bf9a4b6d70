#!/bin/sh
# install-page-tools.sh CONSEQUENCE
#
# Installs what builds and tests the page into web/node_modules. Where that cannot be, one line says so, and
# CONSEQUENCE what that means; the exit code is 1.
set -eu
consequence=$1
tools=web/node_modules/.package-lock.json

[ -n "$(find "$tools" -newer web/package-lock.json 2>/dev/null)" ] && exit
if ! command -v npm >/dev/null || ! node -e 'const [major, minor] = process.versions.node.split(".").map(Number);
    process.exit(major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19) ? 0 : 1)' 2>/dev/null; then
    echo "antiphon: there is no Node 20.19 or 22.12 with npm here, so $consequence" >&2
    exit 1
fi
echo "installing what the page is built with into web/node_modules" >&2
if ! log=$(cd web && npm ci --no-audit --no-fund --loglevel=error 2>&1); then
    # Above its reason stand codes, and below it where more is to be read.
    reason=$(echo "$log" | sed -nE 's/^npm (error|ERR!) //p' | grep -vE '^(code|errno|syscall|path|dest) |^A complete log|^ *$' | head -n 1)
    echo "antiphon: npm could not install what the page is built with, so $consequence (${reason:-it gave no reason})" >&2
    exit 1
fi
touch "$tools"
