"""`crate found`: directions with the sounds at their ends, which can be taught as words."""

from __future__ import annotations

from tests.tui.answers import Crate, one_line


def test_directions_have_ends_that_differ(crate: Crate) -> None:
    answer = crate("found", "-n", "3", "-k", "4", "--json")
    assert answer.code == 0
    found = answer.json["found"]
    assert [each["number"] for each in found] == [1, 2, 3]
    shares = [each["share"] for each in found]
    assert shares == sorted(shares, reverse=True)
    assert 0 < sum(shares) <= 1
    for each in found:
        low, high = ({s["id"] for s in each[end]} for end in ("low", "high"))
        assert len(low) == len(high) == 4
        assert not low & high
        assert all(-1 <= rho <= 1 for rho in each["measured"].values())
    assert crate("found", "-n", "3", "-k", "4", "--json").json == answer.json
    table = crate("found", "-n", "1", "-k", "2")
    assert [line[:2] for line in table.table] == [["1", "low"]] * 2 + [["1", "high"]] * 2
    assert "crate teach WORD" in table.err


def test_what_was_found_can_be_named(crate: Crate) -> None:
    (first,) = crate("found", "-n", "1", "-k", "6", "--json").json["found"]
    ends = [[s["id"] for s in first[end]] for end in ("high", "low")]
    crate("teach", "roomy", "--yes", *ends[0], "--no", *ends[1])
    learned = crate("train", "ours", "--json").json
    assert "roomy" in learned["attributes"]
    assert learned["taught"]["roomy"]["auc"] > 0.6


def test_what_cannot_be_found_is_told(crate: Crate) -> None:
    assert "too few to find anything in" in one_line(crate("found", "--where", "category:kick"))
    assert "asks for nothing" in one_line(crate("found", "-n", "0"))
    assert "no space 'nosuch'" in one_line(crate("found", "--space", "nosuch"))
