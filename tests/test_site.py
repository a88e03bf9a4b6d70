"""The site of the documents: what it is built from, and that nothing in it leads nowhere or elsewhere."""

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import pytest

from documents import PROJECT

SCRIPT = PROJECT / "scripts" / "lay_out_site.py"
CONFIGURATION = PROJECT / "mkdocs.yml"

requires_zensical = pytest.mark.skipif(
    find_spec("zensical") is None, reason="antiphon[docs] is missing: the site is not built"
)

FETCHED = re.compile(
    r'<(?:script|img|iframe|source)\b[^>]*\bsrc="?(https?:[^" >]+)|<link\b[^>]*\bhref="?(https?:[^" >]+)'
)
"""What a browser would load by itself, where it comes from another place."""


def laid_out(folder: Path, script: Path = SCRIPT) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, script, folder], capture_output=True, text=True, check=False)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose documents are all in order."""
    write(
        tmp_path / "project",
        {
            "README.md": "# A project\n\n[a page](docs/page.md#in-a-file-and-more)\n",
            "docs/page.md": "# A page\n\n## In a file, and `more`\n\n[code](../code.py)\n\n`[no](link.md)`\n",
            "code.py": "",
            "secret.py": "",
        },
    )
    (tmp_path / "project" / "scripts").mkdir()
    shutil.copy(SCRIPT, tmp_path / "project" / "scripts")
    return tmp_path / "project"


def write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def test_every_link_of_the_documents_leads_to_a_file_or_a_heading_that_is_there(tmp_path: Path) -> None:
    done = laid_out(tmp_path / "pages")
    assert done.stderr == ""
    assert done.returncode == 0
    assert (tmp_path / "pages" / "README.md").is_file()


def test_what_is_linked_to_is_on_the_site_and_nothing_else(project: Path, tmp_path: Path) -> None:
    assert laid_out(tmp_path / "pages", project / "scripts" / SCRIPT.name).returncode == 0
    there = {str(path.relative_to(tmp_path / "pages")) for path in (tmp_path / "pages").rglob("*.*")}
    assert there == {"README.md", "docs/page.md", "code.py"}


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("[gone](gone.md)", "docs/page.md: there is no docs/gone.md"),
        ("[part](#no-such-part)", "docs/page.md: docs/page.md has no heading for #no-such-part"),
        ("[folder](../scripts)", "docs/page.md: scripts is a folder, of which a site has no page"),
        ("![picture](gone.png)", "docs/page.md: there is no docs/gone.png"),
    ],
)
def test_a_link_that_leads_nowhere_is_told(project: Path, tmp_path: Path, page: str, told: str) -> None:
    write(project, {"README.md": "[a page](docs/page.md)", "docs/page.md": page})
    done = laid_out(tmp_path / "pages", project / "scripts" / SCRIPT.name)
    assert done.returncode == 1
    assert done.stderr.startswith(told)


def test_a_page_that_nobody_links_to_is_told(project: Path, tmp_path: Path) -> None:
    write(project, {"docs/alone.md": "# Alone"})
    done = laid_out(tmp_path / "pages", project / "scripts" / SCRIPT.name)
    assert (done.returncode, done.stderr) == (1, "docs/alone.md: no other page links to it\n")


def test_every_page_of_docs_has_its_place_in_the_navigation_or_on_the_first_page_of_its_folder() -> None:
    text = CONFIGURATION.read_text(encoding="utf-8")
    named = {PROJECT / path for path in re.findall(r"- (docs/\S+\.md)$", text, re.MULTILINE)}
    there = set((PROJECT / "docs").rglob("*.md"))
    within = {path for path in there if path.parent / "README.md" in named}
    assert {str(path.relative_to(PROJECT)) for path in there - named - within} == set(), (
        "see mkdocs.yml, `nav`"
    )
    assert named <= there


def test_every_picture_is_on_the_page_that_says_what_draws_it_by_targets_that_are_there() -> None:
    page = (PROJECT / "docs" / "figures.md").read_text(encoding="utf-8")
    pictures = [*(PROJECT / "docs").rglob("*.png"), *(PROJECT / "examples").rglob("*.png")]
    named = {re.sub(r"-(light|dark)(?=\.png)", "-…", path.name) for path in pictures}
    assert {name for name in named if name not in page} == set()
    targets = set(
        re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert set(re.findall(r"`make ([a-z-]+)", page)) <= targets


@requires_zensical
def test_the_site_is_built_without_a_warning_and_fetches_nothing_from_elsewhere(tmp_path: Path) -> None:
    laid_out(tmp_path / "pages")
    configuration = CONFIGURATION.read_text(encoding="utf-8")
    for name, here in (("docs_dir", "pages"), ("site_dir", "site")):
        configuration = re.sub(rf"^{name}: .*$", f"{name}: {here}", configuration, flags=re.MULTILINE)
    (tmp_path / "mkdocs.yml").write_text(configuration)
    built = [sys.executable, "-m", "zensical", "build", "--strict"]
    done = subprocess.run(built, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    pages = [*(tmp_path / "site").rglob("*.html")]
    assert len(pages) > 40
    assert [found for page in pages for found in FETCHED.findall(page.read_text(encoding="utf-8"))] == []
