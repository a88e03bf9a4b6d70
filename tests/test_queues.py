"""Of each place where something waits, the page of queues says how much may, and what goes when more does."""

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
DAEMON = PROJECT / "daemon/antiphon"
PAGE = PROJECT / "docs/reliability/queues.md"

MAKES_A_QUEUE = re.compile(
    r"= (asyncio\.|queue\.)?(deque|Queue|SimpleQueue|ThreadPoolExecutor)\(|queue_size_limit="
)


def modules_with_queues() -> list[str]:
    modules = sorted(DAEMON.rglob("*.py"))
    return [str(path.relative_to(DAEMON)) for path in modules if MAKES_A_QUEUE.search(path.read_text())]


@pytest.mark.parametrize("module", modules_with_queues())
def test_the_page_names_it(module: str) -> None:
    assert f"/daemon/antiphon/{module})" in PAGE.read_text(), (
        f"{module} makes a queue that {PAGE.name} knows nothing of"
    )


def test_what_the_page_names_is_there() -> None:
    named = re.findall(r"\((\.\./[^)]+\.py)\)", PAGE.read_text())
    assert [path for path in named if not (PAGE.parent / path).exists()] == []
