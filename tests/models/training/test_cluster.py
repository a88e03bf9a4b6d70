"""Who trains together: told by TF_CONFIG, met at the first of them, and a mistake told in a sentence."""

import json
import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from antiphon_models.training.cluster import VARIABLE, Cluster, ClusterError

SUBJECT, OTHER = b"a" * 32, b"b" * 32


def read(cluster: dict[str, Any], job: str = "worker", index: int = 0) -> Cluster:
    task = {"type": job, "index": index}
    return Cluster.of_environment({VARIABLE: json.dumps({"cluster": cluster, "task": task})})


def test_the_workers_are_numbered_and_a_chief_is_the_first() -> None:
    named = {"worker": ["bela:1", "carl:1"], "chief": ["anna:1"]}
    assert read(named, "worker", 1) == Cluster(("anna:1", "bela:1", "carl:1"), 2)
    assert read(named, "chief").is_first
    assert read({"worker": ["bela:1", "carl:1"]}).is_first


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        (None, "needs TF_CONFIG, which names all workers"),
        ("{", "is not of the form that TensorFlow knows"),
        ("{}", "is not of the form"),
        ('{"cluster": {"worker": ["anna:1"]}, "task": {"type": "worker", "index": 1}}', "is not of the form"),
        ('{"cluster": {"worker": ["anna"]}, "task": {"type": "worker", "index": 0}}', "is not of the form"),
        ('{"cluster": {"ps": ["anna:1"]}, "task": {"type": "ps", "index": 0}}', "names a job 'ps'"),
    ],
)
def test_a_cluster_that_cannot_be_is_told_in_a_sentence(written: str | None, sentence: str) -> None:
    with pytest.raises(ClusterError, match=sentence):
        Cluster.of_environment({} if written is None else {VARIABLE: written})


def test_lanes_are_dealt_out_evenly_or_not_at_all() -> None:
    clusters = [Cluster(("anna:1", "bela:1"), index) for index in range(2)]
    assert [cluster.share(64) for cluster in clusters] == [range(32), range(32, 64)]
    with pytest.raises(ClusterError, match="63 lanes cannot be shared by 2 workers; choose a multiple of 2"):
        clusters[0].share(63)


@pytest.fixture
def workers() -> tuple[str, ...]:
    """Three of which the first has a free port; the others listen nowhere yet."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return (f"127.0.0.1:{free.getsockname()[1]}", "127.0.0.1:2", "127.0.0.1:3")


def meeting(workers: tuple[str, ...], subjects: Sequence[bytes | None], seconds: float) -> list[Any]:
    """Return what each has to say of a meeting; who has no subject does not come."""

    def meet(index: int, subject: bytes) -> None:
        Cluster(workers, index).meet(subject, seconds)

    with ThreadPoolExecutor() as pool:
        coming = [
            pool.submit(meet, index, subject)
            for index, subject in reversed([*enumerate(subjects)])
            if subject is not None
        ]
        return [future.exception() for future in reversed(coming)]


def test_they_meet_whoever_comes_first(workers: tuple[str, ...]) -> None:
    assert meeting(workers, [SUBJECT] * 3, seconds=20.0) == [None] * 3


def test_somebody_who_does_not_come_is_named(workers: tuple[str, ...]) -> None:
    first, second = meeting(workers, [SUBJECT, SUBJECT, None], seconds=0.5)
    assert isinstance(first, ClusterError)
    assert isinstance(second, ClusterError)
    assert str(first).startswith("127.0.0.1:3 did not come; start the same command there")


def test_a_first_that_does_not_come_is_named(workers: tuple[str, ...]) -> None:
    (complaint,) = meeting(workers, [None, SUBJECT, None], seconds=0.3)
    assert str(complaint).startswith(f"not all came together at {workers[0]} (connection refused)")


def test_somebody_with_other_notes_or_options_is_named_and_nobody_begins(workers: tuple[str, ...]) -> None:
    first, second, third = meeting(workers, [SUBJECT, SUBJECT, OTHER], seconds=20.0)
    assert str(first).startswith("127.0.0.1:3 came with other notes or options")
    assert all("the same notes and options" in str(each) for each in (second, third))


def test_a_stranger_at_the_door_is_no_worker(workers: tuple[str, ...]) -> None:
    with ThreadPoolExecutor() as pool:
        first = pool.submit(Cluster(workers[:2], 0).meet, SUBJECT, 20.0)
        _knock(workers[0])
        second = pool.submit(Cluster(workers[:2], 1).meet, SUBJECT, 20.0)
        assert [first.exception(), second.exception()] == [None, None]


def _knock(worker: str) -> None:
    host, _, port = worker.partition(":")
    while True:
        try:
            with socket.create_connection((host, int(port)), timeout=5.0) as call:
                call.sendall(b"GET / HTTP/1.1\r\n")
                return
        except ConnectionRefusedError:
            continue
