"""Writes what a release is made of, as CycloneDX: ``bill_of_materials.py SOURCE WHEEL OUT.cdx.json``.

That is what the wheel holds of others (models, the page's libraries, typefaces and piano) and what it asks
for, in the versions of ``daemon.lock``. The same source and wheel give the same bytes. It knows nothing of
what a machine has installed in fact; ``cyclonedx-py environment`` tells that.
"""

import base64
import hashlib
import json
import os
import re
import sys
import tomllib
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import ExternalReference, ExternalReferenceType, HashAlgorithm, HashType, XsUri
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentScope, ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

# The extras whose dependencies are in daemon.lock.
DOORS = ("mqtt", "osc", "web", "serial", "midi")

# Of what the page is built with, the packages that are in what is built.
IN_THE_PAGE = ("smplr", "@fontsource-variable/instrument-sans", "@fontsource/instrument-serif")

VERSION = SchemaVersion.V1_6


def locked(lock: Path) -> Iterator[Component]:
    """Yield every version of a lock, with the hash of each of its files."""
    for entry in lock.read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
        wanted, *hashes = re.split(r"\s+--hash=", entry)
        requirement = Requirement(wanted)
        version = next(iter(requirement.specifier)).version
        files = ExternalReference(
            type=ExternalReferenceType.DISTRIBUTION,
            url=XsUri(f"https://pypi.org/project/{requirement.name}/{version}/#files"),
            comment=f"where {requirement.marker}" if requirement.marker else None,
            hashes=[
                HashType(alg=HashAlgorithm.SHA_256, content=each.removeprefix("sha256:").strip())
                for each in hashes
            ],
        )
        yield Component(
            name=requirement.name,
            version=version,
            purl=PackageURL("pypi", name=requirement.name, version=version),
            bom_ref=f"pypi:{requirement.name}@{version}",
            external_references=[files],
        )


def models(pretrained: Path) -> Iterator[Component]:
    """Yield the models that ship, by what their cards say of them."""
    for path in sorted(pretrained.glob("*/card.json")):
        card = json.loads(path.read_text(encoding="utf-8"))
        yield Component(
            name=card["name"],
            type=ComponentType.MACHINE_LEARNING_MODEL,
            description=card["description"],
            bom_ref=f"model:{card['name']}",
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=card["sha256"])],
            licenses=[LicenseFactory().make_from_string(card["licence"])],
        )


def page(lock: Path) -> Iterator[Component]:
    """Yield what is in the page of others: libraries, typefaces, and recordings of a piano."""
    packages = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    for name in IN_THE_PAGE:
        package = packages[f"node_modules/{name}"]
        algorithm, _, digest = package["integrity"].partition("-")
        if algorithm != "sha512":
            raise SystemExit(f"{lock}: the hash of {name} is a {algorithm}, and SHA-512 is expected")
        group, _, last = name.rpartition("/")
        yield Component(
            name=last,
            group=group or None,
            version=package["version"],
            purl=PackageURL("npm", namespace=group or None, name=last, version=package["version"]),
            bom_ref=f"npm:{name}@{package['version']}",
            hashes=[HashType(alg=HashAlgorithm.SHA_512, content=base64.b64decode(digest).hex())],
            licenses=[LicenseFactory().make_from_string(package["license"])],
        )
    yield Component(
        name="Salamander Grand Piano",
        version="3",
        type=ComponentType.DATA,
        description="22 notes of it, by Alexander Holm, shortened and encoded anew",
        bom_ref="data:salamander-grand-piano",
        licenses=[LicenseFactory().make_from_string("CC-BY-3.0")],
    )


def bill(source: Path, wheel: Path) -> Bom:
    """Return the bill of materials of a wheel that was built from that source."""
    project = tomllib.loads((source / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    root = Component(
        name=project["name"],
        type=ComponentType.APPLICATION,
        version=wheel.name.split("-")[1],
        description=project["description"],
        bom_ref="antiphon",
        purl=PackageURL("pypi", name=project["name"], version=wheel.name.split("-")[1]),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest)],
        licenses=[LicenseFactory().make_from_string(project["license"])],
    )
    needed = list(map(Requirement, project["dependencies"]))
    optional = [Requirement(each) for door in DOORS for each in project["optional-dependencies"][door]]
    direct = {canonicalize_name(each.name) for each in [*needed, *optional]}
    for_a_door = {canonicalize_name(each.name) for each in optional}
    held = [*models(source / "models/antiphon_models/pretrained"), *page(source / "web/package-lock.json")]
    asked_for = list(locked(source / "daemon.lock"))
    for component in asked_for:
        if component.name in for_a_door:
            component.scope = ComponentScope.OPTIONAL
    bom = Bom(
        components=[*held, *asked_for],
        serial_number=uuid.uuid5(uuid.NAMESPACE_OID, digest),
        metadata=BomMetaData(
            component=root,
            timestamp=datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), UTC),
        ),
    )
    bom.register_dependency(root, [*held, *(each for each in asked_for if each.name in direct)])
    return bom


def main(source: Path, wheel: Path, out: Path) -> None:
    text = make_outputter(bill(source, wheel), OutputFormat.JSON, VERSION).output_as_string(indent=1)
    mistake = JsonStrictValidator(VERSION).validate_str(text)
    if mistake is not None:
        raise SystemExit(f"{out} would not be a CycloneDX bill of materials: {mistake}")
    out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
