import numpy as np
import pandas as pd

from leadqual.monitoring.volume import volume

START = pd.Timestamp("2026-01-01")


def test_few_uneven_weeks_without_change_raise_alarm_as_rarely_as_promised():
    rng, alarms, worlds, weeks = np.random.default_rng(0), 0, 800, 12
    for counts in rng.negative_binomial(50, 50 / (50 + 200), (worlds, weeks)):
        days = np.repeat(np.arange(weeks) * 7, counts) + rng.random(counts.sum()) * 7
        table = pd.DataFrame({"scored_at": START + pd.to_timedelta(np.sort(days), unit="D")})
        alarms += volume(table, as_of=(START + pd.Timedelta(weeks=weeks)).isoformat()).severity == "alarm"
    assert alarms <= 4  # 1 is to be expected
