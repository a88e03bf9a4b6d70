"""Holds locks against what is known of vulnerable versions, without a network.

    advisories.py fetch FILE           everything that osv.dev knows of Python packages, as one zip
    advisories.py check FILE LOCK...   which locked versions it names; the exit code is 1 where there is one

The zip holds an advisory in each of its files, in the format of https://ossf.github.io/osv-schema, which also
says how a version is held against one. What came after it was fetched it does not know, so its day is told.
"""

import json
import re
import sys
import urllib.request
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

# What installs packages here brings it; nothing else need be installed.
from pip._vendor.packaging.requirements import Requirement
from pip._vendor.packaging.utils import canonicalize_name
from pip._vendor.packaging.version import InvalidVersion, Version

SOURCE = "https://osv-vulnerabilities.storage.googleapis.com/PyPI/all.zip"

TIMEOUT_SECONDS = 60

# After that, what is not known weighs more than what is.
OLD = timedelta(days=30)

REMEDY = "fetch them anew with make advisories"


def fetch(path: Path) -> None:
    """Bring the advisories; what is there stays where that fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    try:
        with urllib.request.urlopen(SOURCE, timeout=TIMEOUT_SECONDS) as answer, partial.open("wb") as file:
            while block := answer.read(1 << 20):
                file.write(block)
        known = sum(1 for _ in advisories(partial))
    except (OSError, zipfile.BadZipFile) as error:
        partial.unlink(missing_ok=True)
        reason = getattr(error, "reason", error)
        sys.exit(f"antiphon: advisories cannot be fetched from {SOURCE} ({reason}); is this machine online?")
    partial.replace(path)
    print(f"{known} advisories in {path}")


def advisories(path: Path) -> Iterator[Mapping[str, Any]]:
    """Yield those that hold; some are withdrawn later."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith(".json"):
                advisory = json.loads(archive.read(name))
                if "withdrawn" not in advisory:
                    yield advisory


def versions_in(locks: Sequence[Path]) -> Mapping[str, set[str]]:
    """Return the locked versions of each package; a lock may hold one for each Python."""
    found: dict[str, set[str]] = {}
    for lock in locks:
        for entry in re.findall(r"^\w.*", lock.read_text(encoding="utf-8"), re.MULTILINE):
            requirement = Requirement(entry.removesuffix("\\"))
            exact = {each.version for each in requirement.specifier}
            found.setdefault(canonicalize_name(requirement.name), set()).update(exact)
    return found


def packages_of(advisory: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the Python packages that it is about, and what it says of each; it may be about others, too."""
    for affected in advisory.get("affected", ()):
        package = affected.get("package", {})
        if package.get("ecosystem") == "PyPI":
            yield canonicalize_name(package["name"]), affected


def is_affected(version: str, affected: Mapping[str, Any]) -> bool:
    """Whether a version is among those that are listed, or in one of the ranges."""
    return version in affected.get("versions", ()) or any(
        _is_within(each["events"], _order(version))
        for each in affected.get("ranges", ())
        if each["type"] == "ECOSYSTEM"
    )


def _is_within(events: Sequence[Mapping[str, str]], version: Version) -> bool:
    """Whether a version comes after an ``introduced``, and before what ends that."""
    is_within = False
    for limit, kind in sorted((_order(limit), kind) for event in events for kind, limit in event.items()):
        if version > limit or (version == limit and kind != "last_affected"):
            is_within = kind == "introduced"
    return is_within


def _order(version: str) -> Version:
    """Return a version as it compares; `0` is before all others, and so is what is none."""
    try:
        return Version("0.dev0" if version == "0" else version)
    except InvalidVersion:
        return Version("0.dev0")


def check(path: Path, locks: Sequence[Path]) -> int:
    """Tell what is known of the versions in the locks, and return the exit code."""
    locked = versions_in(locks)
    known, latest, found = 0, "", set()
    for advisory in advisories(path):
        known += 1
        latest = max(latest, advisory["modified"])
        for name, affected in packages_of(advisory):
            for version in locked.get(name, ()):
                if is_affected(version, affected):
                    found.add(f"{name} {version}: {advisory['id']} {advisory.get('summary', '')}".rstrip())
    if not known:
        sys.exit(f"antiphon: there is no advisory in {path}, so nothing was audited; {REMEDY}")
    day = latest[:10]
    if datetime.now(UTC) - datetime.fromisoformat(latest) > OLD:
        print(f"antiphon: the latest advisory is of {day}; {REMEDY}", file=sys.stderr)
    for line in sorted(found):
        print(line, file=sys.stderr)
    if not found:
        count = sum(map(len, locked.values()))
        print(f"none of {count} locked versions is in one of {known} advisories, the latest of {day}")
    return 1 if found else 0


def main(what: str, path: Path, *locks: Path) -> int:
    if what == "fetch":
        fetch(path)
        return 0
    try:
        return check(path, locks)
    except (OSError, zipfile.BadZipFile, ValueError, KeyError) as error:
        sys.exit(f"antiphon: {path} is no zip of advisories ({error}), so nothing was audited; {REMEDY}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *map(Path, sys.argv[2:])))
