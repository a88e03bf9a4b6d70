"""Who plays: the principal wherever it has an answer in time, else its understudy."""

from antiphon.adapters.engines.understudy import UnderstudiedEngine
from antiphon.core.engine import Constraints, MusicEvent
from antiphon.core.units import Pitch, Velocity
from expectant_engine import ExpectantEngine
from hesitant_engine import HesitantEngine
from scripted_engine import ScriptedEngine
from timing_engine import LATE, SOON, TimingEngine

C, D, E = (MusicEvent(0.1, Velocity(80), Pitch(pitch)) for pitch in (60, 62, 64))


def asked(within: float) -> Constraints:
    return Constraints(0.0, 1.0, frozenset({C.pitch, D.pitch}), frozenset(), 1.0, 0.0, within=within)


def test_the_understudy_stands_in_when_the_event_is_needed_now_and_not_before() -> None:
    principal = HesitantEngine(ScriptedEngine([(0.1, 80, 60)]))
    engine = UnderstudiedEngine(principal, ScriptedEngine([(0.1, 80, 62)]))
    assert engine.sample(asked(within=0.2)) is None
    assert engine.sample(asked(within=0.0)) == D
    principal.hesitates = False
    assert engine.sample(asked(within=0.2)) == C
    assert engine.sample(asked(within=-0.1)) == C


def test_both_have_heard_the_same_whoever_played_it() -> None:
    principal, understudy = ScriptedEngine([]), ScriptedEngine([])
    engine = UnderstudiedEngine(principal, understudy)
    engine.prime(C)
    there = engine.snapshot()
    engine.prime(D)
    engine.restore(there)
    engine.prime(E)
    assert principal.heard == understudy.heard == (C, E)


def test_the_understudy_says_what_it_expects_where_the_principal_does_not() -> None:
    says_nothing, says_d = ScriptedEngine([]), ExpectantEngine({D.pitch: 1.0})
    assert UnderstudiedEngine(says_nothing, says_d).expectation() == {D.pitch: 1.0}
    assert UnderstudiedEngine(ExpectantEngine({C.pitch: 1.0}), says_d).expectation() == {C.pitch: 1.0}
    assert UnderstudiedEngine(says_nothing, says_nothing).expectation() is None


def test_the_understudy_says_when_it_expects_the_next_event_where_the_principal_has_not_said() -> None:
    says_late = TimingEngine(LATE)
    assert UnderstudiedEngine(ScriptedEngine([]), says_late).timing() == LATE
    assert UnderstudiedEngine(TimingEngine(None), says_late).timing() == LATE
    assert UnderstudiedEngine(TimingEngine(SOON), says_late).timing() == SOON
    assert UnderstudiedEngine(ScriptedEngine([]), ScriptedEngine([])).timing() is None
