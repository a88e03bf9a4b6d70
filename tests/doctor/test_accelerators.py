"""What is said about an accelerator, from what came of trying it."""

from pathlib import Path

import pytest

from antiphon.adapters.engines.budget import Candidate
from antiphon.adapters.engines.runtime import OR_THE_CPU
from antiphon.adapters.engines.stopwatch import Times, Trial
from antiphon.doctor.accelerators import check_accelerators, of_another, of_the_budget, of_the_cpu
from default_config import loaded
from toy_delegates import build_delegate
from vulkan import hide_every_gpu

NO_GPU = Trial(f"this machine has no GPU; install one, {OR_THE_CPU}", exit_code=2)
REFUSED = Trial(f"the GPU does not take all of it, {OR_THE_CPU}", exit_code=4)


def timed(median: float, bare: float | None = 25.0, state_error: float = 0.0) -> Trial:
    """Return a trial in which a step took this long, in microseconds."""
    return Trial(
        device="Fast 9000",
        steps=400,
        step=Times(median, 2 * median),
        bare=Times(bare, 2 * bare) if bare else None,
        state_error=state_error,
    )


def test_a_cpu_is_good_where_a_step_is_over_in_the_time_of_a_note_on_the_cable() -> None:
    quick, slow = of_the_cpu(timed(35.0), "cpu"), of_the_cpu(timed(2000.0), "cpu")
    assert (quick.verdict, quick.remedy) == ("good", "")
    assert (
        quick.value
        == "one core takes 35 us (p99 70) for a step of the network, of which the bare graph 25 us"
    )
    assert quick.figures["step"] == {"median": 35.0, "p99": 70.0}
    assert slow.verdict == "could be better"
    assert slow.remedy


def test_no_gpu_matters_only_where_it_is_asked_for() -> None:
    unasked, asked = (of_another("gpu", NO_GPU, timed(35.0), each) for each in ("cpu", "gpu"))
    assert (unasked.verdict, unasked.exit_code) == ("not needed", 0)
    assert unasked.value == "this machine has no GPU; install one"
    assert (asked.verdict, asked.exit_code) == ("missing", 2)
    assert asked.value == NO_GPU.trouble


def test_a_gpu_that_refuses_the_model_is_there_all_the_same() -> None:
    unasked, asked = (of_another("gpu", REFUSED, timed(35.0), each) for each in ("cpu", "gpu"))
    assert (unasked.verdict, unasked.exit_code) == ("could be better", 0)
    assert (asked.verdict, asked.exit_code) == ("missing", 4)


def test_a_slower_gpu_is_advised_against_only_where_it_is_used() -> None:
    unasked, asked = (of_another("gpu", timed(5000.0), timed(35.0), each) for each in ("cpu", "gpu"))
    assert (unasked.verdict, unasked.remedy) == ("good", "")
    assert (
        unasked.value
        == "Fast 9000 takes 5000 us (p99 10000) for a step, 200.0 times the bare graph on one core"
    )
    assert asked.verdict == "could be better"
    assert 'set engine.accelerator = "cpu"' in asked.remedy


def test_a_faster_one_is_recommended_by_the_setting_that_takes_it() -> None:
    found = of_another("/lib/fast.so", timed(10.0), timed(35.0), "cpu")
    assert (found.name, found.verdict) == ("delegate", "good")
    assert found.value.endswith('; to use it, set engine.accelerator = "/lib/fast.so"')


def test_one_that_computes_something_else_is_advised_against() -> None:
    found = of_another("gpu", timed(10.0, state_error=0.9), timed(35.0), "gpu")
    assert found.verdict == "could be better"
    assert found.remedy.startswith("do not use it")


def test_a_file_that_only_the_accelerator_runs_is_timed_without_the_cpu() -> None:
    no_model_for_the_cpu = Trial("it knows no such operation", exit_code=4)
    found = of_another("/lib/fast.so", timed(10.0, bare=None), no_model_for_the_cpu, "/lib/fast.so")
    assert (found.verdict, found.exit_code) == ("good", 0)
    assert of_the_cpu(no_model_for_the_cpu, "/lib/fast.so").exit_code == 0


def test_the_delegate_that_is_asked_for_is_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hide_every_gpu(monkeypatch)
    library = build_delegate(tmp_path)
    found = {each.name: each for each in check_accelerators(loaded(f"engine.accelerator={library}").config)}
    assert list(found) == ["CPU", "GPU", "delegate", "budget"]
    assert found["delegate"].exit_code == 0
    assert found["delegate"].value.startswith(f"{library} takes ")


def test_a_network_within_its_budget_is_good() -> None:
    found = of_the_budget(loaded("engine.longest_step=0.005").config, Candidate("default", 0.0001))
    assert (found.name, found.verdict, found.remedy) == ("budget", "good", "")
    assert found.value == "default takes 100 us for an event, within the 5.0 ms of engine.longest_step"
    assert found.figures["principal"] == {"model": "default", "step": 0.0001}


def test_of_a_network_beyond_its_budget_it_is_told_who_stands_in() -> None:
    found = of_the_budget(loaded("engine.longest_step=0.5").config, Candidate("huge", 0.6))
    assert found.verdict == "could be better"
    assert "and where it comes too late small stands in, which takes " in found.value
    assert found.remedy.startswith("choose a smaller one of `antiphon models`")
    assert 0.0 < found.figures["understudy"]["step"] < 0.5


def test_an_understudy_that_is_not_there_is_told_with_the_exit_code_of_its_mistake() -> None:
    found = of_the_budget(loaded("engine.understudy=nobody").config, Candidate("default", 0.0001))
    assert (found.verdict, found.exit_code) == ("missing", 2)
    assert found.value.startswith(
        'engine.understudy is "nobody", which is no shipped model and no kind of engine; '
    )
