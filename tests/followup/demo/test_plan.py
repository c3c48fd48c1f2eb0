"""followup.demo.plan: every stage and way, in the wanted shares, the same for the same seed."""

from collections import Counter
from math import gcd

import pytest

from followup.demo.plan import (
    ACTED_OUT,
    DRAWN,
    DRAWN_OF_MANY,
    FEWEST,
    MOST_ACTED_OUT,
    PLANTELES_IN_TURN,
    SHARES,
    WAYS,
    cases,
    planteles_in_turn,
)
from followup.states import Stage


def test_cases_fill_every_stage_even_of_the_smallest_demo():
    plan = cases(FEWEST, seed=5, year=2026)

    assert {case.stage for case in plan} == set(Stage)
    assert len(plan) == FEWEST


def test_cases_come_by_every_way_in_a_whole_demo():
    plan = cases(1_200, seed=5, year=2026)

    ways = {(case.stage, case.way) for case in plan}
    assert ways == {(stage, way) for stage, some in WAYS.items() for way in some}


def test_cases_keep_the_shares():
    sizes = Counter(case.stage for case in cases(1_200, seed=5, year=2026))

    assert sizes == {stage: share * 12 for stage, share in SHARES.items()}


def test_cases_of_a_large_demo_act_out_no_more_than_a_few():
    sizes = Counter(case.stage for case in cases(30_000, seed=5, year=2026))

    assert [sizes[stage] for stage in ACTED_OUT] == [MOST_ACTED_OUT] * len(ACTED_OUT)
    assert sizes.total() == 30_000


def test_cases_put_the_first_of_each_stage_into_the_first_plantel():
    firsts = [case for case in cases(200, seed=9, year=2026) if case.is_first]

    assert {case.plantel for case in firsts} == {0}
    assert len(firsts) == len(Stage)


def test_cases_have_matriculas_of_their_own_and_groups_of_forty():
    plan = cases(1_200, seed=5, year=2026)

    assert len({case.matricula for case in plan}) == 1_200
    assert max(Counter((case.plantel, case.group) for case in plan).values()) == 40
    assert plan[0].matricula == "26010001"


def test_cases_are_the_same_for_the_same_seed():
    assert cases(100, seed=7, year=2026) == cases(100, seed=7, year=2026)
    assert cases(100, seed=7, year=2026) != cases(100, seed=8, year=2026)


def test_cases_above_the_drawn_share_samples_in_every_stage():
    plan = cases(2 * DRAWN, seed=5, year=2026)

    drawn = Counter(case.stage for case in plan if case.is_drawn)
    assert drawn == {stage: share * DRAWN_OF_MANY // 100 for stage, share in SHARES.items()}


def test_cases_of_the_usual_demo_all_have_files_of_their_own():
    assert all(case.is_drawn for case in cases(DRAWN, seed=5, year=2026))


@pytest.mark.parametrize("count", [5, 6, 40, 42, 99])
def test_planteles_in_turn_reach_every_plantel_by_every_way(count: int):
    turns = planteles_in_turn(count)

    assert set(turns) == set(range(count))
    for ways in WAYS.values():
        assert gcd(len(turns), len(ways)) == 1


def test_planteles_in_turn_of_the_usual_demo_are_as_written():
    assert planteles_in_turn(5) == list(PLANTELES_IN_TURN)


def test_cases_of_a_large_demo_go_to_many_planteles():
    plan = cases(20_000, seed=5, year=2026)

    sizes = Counter(case.plantel for case in plan)
    assert len(sizes) == 8
    assert max(sizes, key=lambda plantel: sizes[plantel]) == 0
    assert len({case.matricula for case in plan}) == 20_000


def test_cases_of_too_few_students_raise():
    with pytest.raises(ValueError, match=f"at least {FEWEST}"):
        cases(FEWEST - 1, seed=5, year=2026)
