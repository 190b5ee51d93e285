"""Races: optimizers from one seed, on networks of their own."""

import numpy as np
import pytest

import engine
from live.instruments.race import GRID, MARKS
from live.worker.commands import handle
from tests.live.asking import ask, finish
from tests.live.runs import everything, session, spec, step

RACERS = [{"kind": "sgd", "lr": 0.1}, {"kind": "momentum", "lr": 0.03}, {"kind": "adam", "lr": 0.01},
          {"kind": "adagrad", "lr": 0.05}]


def raced(run, steps=90, racers=RACERS):
    return ask(run, "race", racers=racers, steps=steps)


def tracks(answers) -> dict[int, list[tuple[float, float]]]:
    rows = np.concatenate([arrays["marks"] for _, arrays in answers if "marks" in arrays])
    return {int(i): [(s, v) for j, s, v in rows.tolist() if j == i] for i in set(rows[:, 0])}


def test_each_racer_s_losses_are_those_of_a_run_with_its_optimizer():
    run = session(spec())
    found = tracks(raced(run))
    for i, racer in enumerate(RACERS):
        trainer = engine.Trainer(spec(training={"batch_size": 10, "optimizer": racer}), run.trainer.dataset)
        expected = {0: trainer.evaluate()["train"]["loss"]}
        for at in range(1, 91):
            trainer.step()
            expected[at] = trainer.evaluate()["train"]["loss"]
        for at, value in found[i]:
            assert value == pytest.approx(expected[int(at)], rel=1e-5)
        assert len(found[i]) == MARKS + 1
        assert found[i][-1][0] == 90


def test_all_start_from_the_same_loss_and_the_same_place():
    answers = raced(session(spec()))
    assert len({track[0] for track in tracks(answers).values()}) == 1
    plane = next(arrays for header, arrays in answers if header["phase"] == "plane")
    for i in range(1, 4):
        np.testing.assert_array_equal(plane[f"path.{i}"][0], plane["path.0"][0])
    assert len({tuple(plane[f"path.{i}"][-1]) for i in range(4)}) == 4


def test_the_plane_holds_every_way_and_its_losses():
    answers = raced(session(spec()))
    header, plane = next((header, arrays) for header, arrays in answers if header["phase"] == "plane")
    assert 0.5 < header["share"] <= 1
    for i in range(4):
        for axis, ticks in enumerate((plane["a"], plane["b"])):
            assert ticks[0] < plane[f"path.{i}"][:, axis].min()
            assert ticks[-1] > plane[f"path.{i}"][:, axis].max()
    values = np.concatenate([arrays["losses"] for header, arrays in answers if header["phase"] == "losses"])
    assert values.size == GRID * GRID
    assert np.isfinite(values).all()
    assert answers[-1][0]["phase"] == "done"


def test_it_is_the_same_every_time_and_touches_nothing():
    run = session(spec())
    step(run, 30)
    before = everything(run)
    one, other = tracks(raced(run)), tracks(raced(run))
    assert one == other
    assert everything(run) == before


def test_one_of_the_run_s_own_kind_takes_its_other_settings():
    training = {"optimizer": {"kind": "sgd", "lr": 0.1, "momentum": 0.9}, "batch_size": 10}
    slow, fast = (tracks(raced(session(of), racers=RACERS[:1])) for of in (spec(), spec(training=training)))
    assert slow[0][0] == fast[0][0]
    assert slow[0][-1] != fast[0][-1]


def test_one_whose_numbers_grow_without_bound_is_out_and_the_others_go_on():
    run = session(spec(data={"kind": "waves"}, network={"layers": [{"kind": "dense", "activation": "relu"}] * 2}))
    answers = raced(run, racers=[{"kind": "sgd", "lr": 900.0}, {"kind": "adam", "lr": 0.01}])
    fell = next(header["fell"] for header, _ in answers if "fell" in header)
    assert "grew without bound" in fell[0]
    assert fell[1] == ""
    assert tracks(answers)[1][-1][0] == 90


def test_it_can_be_stopped():
    run = session(spec())
    handle(run, {"op": "ask", "instrument": "race", "racers": RACERS, "steps": 2000})
    run.work()
    handle(run, {"op": "ask", "instrument": "race", "stop": True})
    assert all(header["phase"] != "done" for header, _ in finish(run))
    assert not run.jobs


@pytest.mark.parametrize("details", [
    {}, {"racers": [], "steps": 100}, {"racers": RACERS * 2, "steps": 100}, {"racers": RACERS, "steps": 10**9},
    {"racers": RACERS, "steps": "100"}, {"racers": [{"kind": "rocket", "lr": 1}], "steps": 100},
    {"racers": [{"kind": "sgd", "lr": "fast"}], "steps": 100}, {"racers": ["sgd", 3], "steps": 100},
    {"racers": [{"kind": "sgd", "lr": None}], "steps": 100}, {"racers": [None], "steps": 100},
])
def test_what_cannot_race_is_refused_in_a_sentence(details):
    ((header, _),) = ask(session(spec()), "race", **details)
    assert header["error"].endswith(".")
