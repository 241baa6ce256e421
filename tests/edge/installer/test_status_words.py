"""What `fengsui edge status --values` says."""

from edge.installer.status_words import values_in_words

POINT = {
    "key": "GT-1",
    "name": "氯气浓度",
    "value": 1.25,
    "unit": "mg/m³",
    "quality": "good",
    "age_s": 0.4,
    "limits": {"H": 1.0},
    "reason": "",
}


def test_a_value_stands_with_its_unit_age_and_limits() -> None:
    line = values_in_words([POINT])[1]
    for part in ("GT-1", "1.25 mg/m³", "good", "0.4 s old", "H 1", "氯气浓度"):
        assert part in line


def test_what_is_not_good_says_why() -> None:
    line = values_in_words([{**POINT, "value": None, "quality": "bad", "age_s": None, "reason": "silent"}])[1]
    assert "no valid value" in line
    assert line.endswith("silent")
