"""Markdown for pages that are made of the code."""

from antiphon.markdown import table


def test_a_table_has_a_rule_below_its_heading_and_a_line_for_each_row() -> None:
    assert [*table(("code", "meaning"), [("`0`", "it ended"), ("`1`", "it broke")])] == [
        "| code | meaning |",
        "| --- | --- |",
        "| `0` | it ended |",
        "| `1` | it broke |",
    ]
