import json

from leadqual.reasons import Reason
from leadqual.scorer import Score

REASONS = tuple(Reason(f"f{i}", f"band {i}", points) for i, points in enumerate((31, -20, 9, 0, -4, 3, 2, -1, -1)))
SCORE = Score(112, 71, 0.31, 0.2, 0.4, "B", "SQL", 24.0, REASONS, ("f0: new value",))


def test_reasons_for_and_against_keep_their_order_and_leave_out_those_of_no_weight():
    assert [reason.points for reason in SCORE.reasons_for] == [31, 9, 3, 2]
    assert [reason.points for reason in SCORE.reasons_against] == [-20, -4, -1, -1]


def test_a_score_as_plain_data_survives_json():
    plain = SCORE.to_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert list(plain) == list(Score.__slots__)
    assert plain["reasons"][0] == {"field": "f0", "band": "band 0", "points": 31, "note": None}
    assert plain["notes"] == ["f0: new value"]
    assert plain["follow_up_hours"] == 24.0


def test_the_three_strongest_are_shown():
    lines = str(SCORE).splitlines()
    assert lines[0] == "grade B, qualification SQL, follow up within 24 h"
    assert [line for line in lines if line.startswith("  +")] == [f"  + {reason}" for reason in SCORE.reasons_for[:3]]
    assert [line for line in lines if line.startswith("  -")] == [
        f"  - {reason}" for reason in SCORE.reasons_against[:3]
    ]
    assert lines[8:] == ["  ! f0: new value"]


def test_notebooks_show_the_readable_form():
    class Printer:
        shown = ""

        def text(self, text):
            self.shown += text

    printer = Printer()
    SCORE._repr_pretty_(printer, False)
    assert printer.shown == str(SCORE)
    nested = Printer()
    SCORE._repr_pretty_(nested, True)
    assert nested.shown == repr(SCORE)
    assert "\n" not in nested.shown
