from ops.bench import MAPPED, READING, bench
from tests.factories import demo_agency


def test_the_bench_measures_each_step_once():
    costs = bench(demo_agency())

    assert len({cost.name for cost in costs}) == len(costs) == 7
    assert {READING, MAPPED} <= {cost.name for cost in costs}
    assert all(cost.microseconds > 0 for cost in costs)
