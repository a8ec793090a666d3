"""The doctor's report: what is not guarded is named with its remedy, said once, and a fact of health."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

import pytest
from opentelemetry.baggage.propagation import W3CBaggagePropagator
from opentelemetry.propagators.textmap import TextMapPropagator
from opentelemetry.sdk.trace import SynchronousMultiSpanProcessor

import discreet
from discreet import guard, runtime
from discreet.guard import doctor as doctoring
from discreet.guard import inventory as inventorying
from discreet.guard.points import POINTS
from discreet.metrics import register_self_observation
from discreet.metrics.self_observation import report_state
from tests.guard import children
from tests.guard.memory import measured, points

if TYPE_CHECKING:
    from discreet.policy import Problem

pytestmark = pytest.mark.seams

DISPATCH: Any = SynchronousMultiSpanProcessor


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Providers that other tests of this process left behind are not looked at; processes of their own are."""
    for module in (doctoring, inventorying):
        monkeypatch.setattr(module, "inventory", lambda **_: [])


def said(problems: tuple[Problem, ...]) -> str:
    return "\n".join(str(problem) for problem in problems)


def replaced(patch: pytest.MonkeyPatch) -> None:
    """Put the SDK's own dispatch of spans back, as an app may do that patches it after us."""
    patch.setattr(DISPATCH, "on_end", DISPATCH.on_end.__wrapped__)


def test_a_guarded_process_is_healthy() -> None:
    """The report says so, names every net, and can be written as JSON."""
    guard.install("the test")
    report = discreet.doctor(canaries=False)
    assert report.healthy, said(report.problems)
    assert report.looked
    assert report.armed_by == "the test"
    assert all(net.whole for net in report.nets)
    guarded = {(net.net, net.signals) for net in report.nets}
    assert guarded >= {("points", signal) for signal in ("span", "log", "metric", "batch", "headers", "output")}
    assert guarded >= {("propagators", "headers"), ("redirects", "headers"), ("exception hooks", "output")}
    assert json.loads(json.dumps(report.as_dict()))["healthy"] is True


def test_with_canaries_it_says_what_became_of_each() -> None:
    """None leaves, and none was sent where none was asked for."""
    guard.install()
    report = discreet.doctor()
    assert report.healthy, said(report.problems)
    assert len(report.outcomes) > 500
    assert discreet.doctor(canaries=False).outcomes == ()


def test_a_process_without_the_guard() -> None:
    """That is the problem, and what leaves are the canaries of every signal."""
    report = discreet.doctor()
    assert not report.healthy
    assert report.armed_by == ""
    assert report.problems[0].place == "guard"
    leaking = [problem.place.partition(":")[0] for problem in report.problems if "canaries" in problem.rule]
    assert leaking == ["span", "log", "metric", "headers", "output"]


def test_a_replaced_point_is_named_and_what_leaves_by_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once for the point, and once for all places of its signal."""
    guard.install()
    with monkeypatch.context() as patch:
        replaced(patch)
        report = discreet.doctor()
    point, leaks = report.problems
    assert point.place == "span: opentelemetry.sdk.trace.SynchronousMultiSpanProcessor.on_end"
    assert "replaced it after Discreet was armed" in point.rule
    assert "before Discreet" in point.remedy
    assert leaks.place.startswith("span: ")
    assert leaks.place.endswith("by simple processor, other processor")
    assert discreet.doctor().healthy


def test_a_signal_that_is_shut_leaves_nothing_and_is_no_health(monkeypatch: pytest.MonkeyPatch) -> None:
    """An OpenTelemetry that lacks a point: the doctor says that nothing of it leaves, and finds no canary."""
    missing = next(point for point in POINTS if point.name == "collect")._replace(name="no_such_method")
    others = [point for point in POINTS if point.name != "collect"]
    monkeypatch.setattr("discreet.guard.arming.POINTS", (*others, missing))
    guard.install()
    report = discreet.doctor()
    (problem,) = [problem for problem in report.problems if problem.place.startswith("metric: opentelemetry.sdk")]
    assert "nothing of it leaves" in problem.rule
    assert "metric" in {net.signals for net in report.nets if net.state == "shut: nothing of it leaves"}
    assert {outcome.result for outcome in report.outcomes if outcome.signal == "metric"} == {"nothing"}


def test_a_wrapper_round_the_guard_is_worth_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is handed what is raw; whether it sends that, nobody can see."""
    guard.install()

    def wrapper(*args: Any) -> Any:
        return wrapper.__wrapped__(*args)  # type: ignore[attr-defined]

    wrapper.__wrapped__ = DISPATCH.on_end  # type: ignore[attr-defined]
    with monkeypatch.context() as patch:
        patch.setattr(DISPATCH, "on_end", wrapper)
        report = discreet.doctor(canaries=False)
    assert report.healthy
    assert "SynchronousMultiSpanProcessor.on_end" in said(report.notes)
    assert "raw" in said(report.notes)


class Theirs(TextMapPropagator):
    """A propagator of somebody's."""

    def extract(self, carrier: Any, context: Any = None, getter: Any = None) -> Any:
        """Take nothing."""

    def inject(self, carrier: Any, context: Any = None, setter: Any = None) -> None:
        """Write nothing."""

    @property
    def fields(self) -> set[str]:
        """No fields."""
        return set()


@pytest.mark.parametrize("owner", [Theirs, W3CBaggagePropagator])
def test_a_propagator_whose_inject_was_replaced_is_named_once(owner: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether it is a point of the guard or another class."""
    guard.install()
    with monkeypatch.context() as patch:
        patch.setattr(owner, "inject", lambda *_, **__: None)
        report = discreet.doctor(canaries=False)
    (problem,) = report.problems
    assert f"{owner.__name__}.inject" in problem.place


def test_faults_of_its_own_are_said_and_not_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    """The report is that of the rest, and says that it is not whole."""
    guard.install()
    monkeypatch.setattr(doctoring, "inventory", lambda **_: 1 / 0)
    report = discreet.doctor(canaries=False)
    assert not report.looked
    assert not report.healthy
    assert "ZeroDivisionError" in said(report.problems)
    assert report.nets


def test_the_check_says_each_problem_once(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """At ERROR, with its remedy; after each reload again, if it is another."""
    guard.install()
    assert runtime.check().healthy
    with monkeypatch.context() as patch:
        replaced(patch)
        for _ in range(3):
            assert not runtime.check().healthy
        (record,) = [record for record in caplog.records if "on_end" in record.getMessage()]
        assert record.levelno == logging.ERROR
        assert "before Discreet" in record.getMessage()
        assert not runtime.check(canaries=True).healthy
        assert "canaries leave raw" in caplog.text


def test_the_check_at_start_sends_nothing() -> None:
    """Set up in a process of its own, it has not even loaded the canaries, and no thread of the probe's runs."""
    done = children.bare(
        """
        import discreet, threading
        discreet.configure(signals=(), instrument=False)
        print([name for name in sys.modules if name in ("discreet.guard.probe", "discreet.guard.pipelines")])
        print(discreet.doctor(canaries=False).problems)
        """
    )
    assert done.stdout.split() == ["[]", "()"], done.stderr


def test_the_state_of_each_signal_is_reported(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """`discreet.guard.active` is 1 for each, and 0 where a point was replaced since, which is said at a collection."""
    runtime.arm()
    provider, reader = measured()
    report_state("guard_active", runtime._active)
    register_self_observation(provider)

    def states() -> dict[Any, Any]:
        return {point.attributes["signal"]: point.value for point in points(reader)["discreet.guard.active"]}

    assert states() == dict.fromkeys(("span", "log", "metric", "headers", "output"), 1)
    with monkeypatch.context() as patch:
        replaced(patch)
        assert states() == {"span": 0, "log": 1, "metric": 1, "headers": 1, "output": 1}
        assert "on_end" in caplog.text
    guard.uninstall()
    assert set(states().values()) == {0}
