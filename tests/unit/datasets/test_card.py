import json
from pathlib import Path
from typing import Any

import pytest

from routelab.datasets import load_classifier, load_decider
from routelab.datasets.card import BEGIN, END, card_tables, read_double_labels, with_tables
from routelab.errors import DatasetError
from routelab.taxonomy import Taxonomy


def test_decider_tables_count_cases_by_route_and_kind(decider: Path, taxonomy: Taxonomy) -> None:
    lines = card_tables(load_decider(decider).cases, taxonomy).splitlines()
    assert lines[2] == "| debugging/bug_fixing | 4 | 4 | 0 | 0 | 1 | 1 | 3 | 8 |"
    assert lines[-1] == "| all | 16 | 16 | 0 | 0 | 1 | 1 | 15 | 32 |"


def test_classifier_tables_count_labels_and_shapes(classifier: Path, taxonomy: Taxonomy) -> None:
    tables = card_tables(load_classifier(classifier).cases, taxonomy)
    assert "| requires_tools | true 16 |" in tables
    assert "| api kind messages | 16 |" in tables


def test_blind_labels_give_the_agreement_a_field(
    classifier: Path, classifier_rows: list[dict[str, Any]], taxonomy: Taxonomy
) -> None:
    blind = [{"id": row["id"], "author": row["expected"], "blind": row["expected"]} for row in classifier_rows]
    blind[0] = {**blind[0], "blind": {**blind[0]["blind"], "risk_level": "low"}}
    (classifier / "blind.jsonl").write_text("".join(json.dumps(row) + "\n" for row in blind))
    tables = card_tables(load_classifier(classifier).cases, taxonomy, read_double_labels(classifier))
    assert "| task_type | 16 | 16 | 1.000 |" in tables
    assert "| risk_level | 16 | 15 | 0.000 |" in tables, "a lone disagreement is what chance gives"


def test_a_faulty_double_label_names_its_line(classifier: Path) -> None:
    (classifier / "blind.jsonl").write_text('{"id": "x", "blind": {}}\n')
    with pytest.raises(DatasetError, match=r"blind\.jsonl:1: "):
        read_double_labels(classifier)


def test_tables_replace_only_the_counted_part_of_a_card() -> None:
    card = f"# Card\n\n{BEGIN}\nold\n{END}\n\nThe end.\n"
    assert with_tables(card, "new") == f"# Card\n\n{BEGIN}\nnew\n{END}\n\nThe end.\n"
    assert with_tables(with_tables(card, "new"), "new") == with_tables(card, "new")
    with pytest.raises(DatasetError, match="no place for its tables"):
        with_tables("# Card\n", "new")
