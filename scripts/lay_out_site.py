"""Lays out what the site is built from: README.md, docs, and every file that these link to, wherever it lies.

    python scripts/lay_out_site.py FOLDER

All keep their paths, so a link works on the site as it does in the repository. A link that leads nowhere, to
a folder, or to a heading that is not there is told, each in a line; so is a page of docs that nobody links
to. The exit code is 1 then.
"""

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent

HOME = Path("README.md")

FENCE = re.compile(r"^( *)```.*?^\1```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]*`")
LINK = re.compile(r"\]\(<?([^)\s>]+)>?\)")
HEADING = re.compile(r"^#+ +(.+?) *#*$", re.MULTILINE)
ELSEWHERE = re.compile(r"[a-z]+:")


def main(folder: Path) -> int:
    """Lay the site out and return the exit code."""
    shutil.rmtree(folder, ignore_errors=True)
    wrong: list[str] = []
    laid_out: set[Path] = set()
    waiting = [HOME]
    while waiting:
        path = waiting.pop()
        if path not in laid_out:
            laid_out.add(path)
            _copy(path, folder)
            for target, anchor in _links(path):
                if problem := _problem(target, anchor):
                    wrong.append(f"{path}: {problem}")
                else:
                    waiting.append(target)
    docs = {path.relative_to(PROJECT) for path in (PROJECT / "docs").rglob("*.md")}
    wrong += [f"{path}: no other page links to it" for path in docs - laid_out]
    sys.stderr.writelines(f"{line}\n" for line in sorted(wrong))
    return 1 if wrong else 0


def _copy(path: Path, folder: Path) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(PROJECT / path, folder / path)


def _links(page: Path) -> Iterator[tuple[Path, str]]:
    """Yield where a page links to within the project, each with the heading that is meant or none."""
    if page.suffix != ".md":
        return
    for link in LINK.findall(CODE.sub("", FENCE.sub("", _text(page)))):
        if not ELSEWHERE.match(link):
            target, _, anchor = link.partition("#")
            path = (PROJECT / page).parent / target if target else PROJECT / page
            yield Path(path.resolve()).relative_to(PROJECT), anchor


def _problem(target: Path, anchor: str) -> str:
    """Say what is wrong with a link; nothing where it leads somewhere."""
    if (PROJECT / target).is_dir():
        return f"{target} is a folder, of which a site has no page; link to a file in it"
    if not (PROJECT / target).is_file():
        return f"there is no {target}"
    if anchor and anchor not in _anchors(target):
        return f"{target} has no heading for #{anchor}"
    return ""


def _anchors(page: Path) -> set[str]:
    """Return the names of a page's headings, made as the hosts of repositories make them."""
    headings = HEADING.findall(FENCE.sub("", _text(page)))
    plain = (re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).lower() for heading in headings)
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in plain}


def _text(page: Path) -> str:
    return (PROJECT / page).read_text(encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
