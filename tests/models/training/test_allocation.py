"""Memory that is freed is kept: only a C library that knows the wish is asked."""

import platform
import subprocess
import sys

import pytest

KEEPS = """
import resource
from antiphon_models.training.allocation import keep_freed_memory

def page_faults(rounds):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(rounds):
        bytearray(32 * 2**20)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

before = page_faults(10)
assert keep_freed_memory()
page_faults(2)
print(before, page_faults(10))
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc is asked to keep freed memory")
def test_freed_memory_is_not_handed_back_to_the_system() -> None:
    """A process that gives memory back has to fault every page in again."""
    outcome = subprocess.run([sys.executable, "-c", KEEPS], capture_output=True, text=True, check=True)
    before, after = map(int, outcome.stdout.split())
    assert before > 10_000
    assert after < before / 10
