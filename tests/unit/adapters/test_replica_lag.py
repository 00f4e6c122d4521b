"""How far behind a replica is, by where the primary was and where the replica is."""

from __future__ import annotations

from zou_server.adapters.replica.watch import MOST_MARKS, Lag


def test_a_replica_that_has_everything_is_not_behind() -> None:
    lag = Lag()
    assert [lag.seconds(now, position=now, replayed=now) for now in range(5)] == [0.0] * 5


def test_the_lag_is_the_age_of_the_oldest_position_that_was_not_reached() -> None:
    lag = Lag()
    assert lag.seconds(100.0, position=10, replayed=9) == 0.0
    assert lag.seconds(101.0, position=20, replayed=9) == 1.0
    assert lag.seconds(102.0, position=30, replayed=10) == 1.0
    assert lag.seconds(103.0, position=30, replayed=29) == 1.0
    assert lag.seconds(104.0, position=30, replayed=30) == 0.0


def test_a_replica_that_catches_up_after_a_long_time_is_behind_until_it_is_there() -> None:
    lag, days = Lag(), 5 * MOST_MARKS
    for second in range(days):
        assert lag.seconds(second, position=second + 1, replayed=0) == second
    assert len(lag._marks) <= MOST_MARKS  # noqa: SLF001 - what it keeps shows nowhere else
    for replayed in range(days - 1000, days, 10):
        assert lag.seconds(days, position=days, replayed=replayed) > 0
