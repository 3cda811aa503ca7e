"""The page as text: nothing breaks out of it, and nothing missing looks like a zero."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.serve.page.samples import HOSTILE, NOW, ROUTES, activity, hostile_table, page, table

from routelab_serve.page import Activity, ShadowTally, SinceStart, collect, render
from routelab_serve.page.markup import element
from routelab_serve.page.units import age, milliseconds, percent, share
from routelab_serve.tables import Live

VOID = {"meta", "link", "wbr"}


class Outline(HTMLParser):
    """The elements of a page, its text, and whether every element is closed where it should be."""

    def __init__(self, document):
        super().__init__()
        self.tags, self.attributes, self.texts, self.open = set(), [], [], []
        self.feed(document)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.texts.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.texts).split())


def said(data):
    return Outline(render(data)).text


def test_hostile_names_are_text_and_nothing_else():
    hostile = {HOSTILE: 2.0}
    seen = activity(
        by_model=hostile,
        by_source=hostile,
        by_switch_reason=hostile,
        by_null_reason=hostile,
        by_route=hostile,
        shadows=(ShadowTally(router=HOSTILE, same=1),),
    )
    counts = SinceStart(session_errors={HOSTILE: 1}, table_problems={HOSTILE: 1})
    live = Live(table=hostile_table(), problem=None)
    document = render(page(live, activity=seen, counts=counts, classifier=HOSTILE, log_problem=HOSTILE))
    plain, outline = Outline(render(page())), Outline(document)
    assert outline.tags == plain.tags
    assert {name for name, _ in outline.attributes} == {name for name, _ in plain.attributes}
    assert outline.text.count("<script>alert('x')</script>") >= 15
    assert "\0" not in document
    assert not re.search(r"\son\w+=|javascript:|<script|http", document.replace("&quot;", ""))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(st.characters(), max_size=30), st.text(max_size=30))
def test_any_text_comes_back_as_it_was_and_never_ends_its_element(text, other):
    document = element("p", text, title=other)
    outline = Outline(document)
    document.encode()
    assert outline.tags == {"p"}
    assert [name for name, _ in outline.attributes] == ["title"]


def test_without_a_table_the_page_says_so_and_is_small():
    document = render(collect(Live(), now=NOW))
    text = Outline(document).text
    assert "No routing table is published. Every answer is null until there is a usable one." in text
    assert "This shim keeps no decision log, so they are not known." in text
    assert "There is no usable routing table." in text
    assert "Shadow routers" not in text
    assert not re.search(r"\b0\b", text.removeprefix("routelab").replace("version 0.1.0", ""))
    assert len(document.encode()) < 20_000


def test_an_empty_log_a_broken_one_and_none_are_told_apart():
    assert "The decision log holds none." in said(page(activity=Activity()))
    broken = said(page(activity=None, log_problem="The decision log cannot be read."))
    assert "Problems The decision log cannot be read." in broken
    assert "They are not known." in broken
    assert "keeps no decision log" in said(page(activity=None))


def test_a_page_without_trouble_says_that_none_is_known():
    calm = activity(fallbacks=0.0, by_null_reason={})
    assert "No problems are known." in said(page(activity=calm, counts=None))
    assert "No problems are known." not in said(page())


@pytest.mark.parametrize(
    ("source", "loud"), [("simulated", "the models are invented"), ("imported", "measured elsewhere")]
)
def test_what_was_not_measured_here_is_said_first(source, loud):
    text = said(page(Live(table=table(source=source), problem=None)))
    assert loud in text[:120]
    assert f"Source {source.upper()}" in text
    assert loud not in said(page())


def test_simulated_decisions_are_told_also_when_the_table_is_measured_by_now():
    seen = activity(by_source={"benchmark": 5.0, "simulated": 7.0})
    assert "were not made from our own measurements: simulated (7)." in said(page(activity=seen))


def test_the_last_good_table_is_shown_with_what_is_wrong_with_the_new_one():
    text = said(page(Live(table=table(), problem="untrusted")))
    assert "The last good table goes on serving." in text
    assert table().version in text


def test_every_candidate_has_its_reason():
    text = said(page())
    assert "Of 2 candidates that are proven to reach 75%, it costs least per right answer." in text
    assert "Nothing is proven here yet." in text
    assert "Costs 16 times as much per right answer." in text
    assert "Proven to be below 75%." in text
    assert "Below 75% on the measured cases, though not proven to be." in text
    assert "In mode best_accuracy: anthropic/claude-sonnet-4.5@high" in text


def test_where_nobody_reaches_the_line_the_most_accurate_serves_all_the_same():
    text = said(page(Live(table=table(min_accuracy=0.99), problem=None)))
    assert "No candidate reaches 99%. It is the most accurate of 4 and serves all the same." in text
    assert "Less accurate." in text


def test_rule_point_speaks_of_measured_cases_and_not_of_proof():
    text = said(page(Live(table=table(rule="point"), problem=None)))
    assert "candidates that reach 75% on the measured cases" in text


def test_a_route_without_candidates_is_a_problem():
    given = table()
    live = Live(table=replace(given, routes={**given.routes, ROUTES[1]: ()}), problem=None)
    text = said(page(live))
    assert f"Nobody can serve {ROUTES[1]}: the table has no candidate there." in text
    assert "nobody can serve" in text


@pytest.mark.parametrize(
    ("problem", "sentence"),
    [("local", "The local classifier cannot be loaded"), ("endpoint", "The classifier's endpoint fails or is late")],
)
def test_a_classifier_that_does_not_answer_is_a_problem(problem, sentence):
    assert sentence in said(page(classifier_problem=problem))


def test_an_unknown_interval_and_cost_are_unknown():
    given = table((ROUTES[0],))
    rows = tuple(
        replace(row, accuracy_low=None, accuracy_high=None, avg_cost_usd=None, evidence="unproven")
        for row in given.routes[ROUTES[0]]
    )
    document = render(page(Live(table=replace(given, routes={ROUTES[0]: rows}), problem=None)))
    assert "interval unknown · 36 cases · cost unknown" in Outline(document).text
    assert 'class="span"' not in document


def test_a_crowded_route_shows_its_first_candidates_and_tells_of_the_rest():
    given = table((ROUTES[0],))
    first = given.routes[ROUTES[0]][0]
    crowd = tuple(replace(first, model=f"model-{number}") for number in range(300))
    document = render(page(Live(table=replace(given, routes={ROUTES[0]: crowd}), problem=None)))
    assert "288 more are ranked below." in Outline(document).text
    assert len(document.encode()) < 60_000


def test_sampled_and_partial_counts_say_what_they_are():
    text = said(page(activity=activity(is_partial=True, oldest=NOW.replace(minute=0))))
    assert "more answers than are counted here: 14,210 of them, back to 12:00:30 UTC." in text
    assert "scaled up" in text
    assert "≈ 71,050" in text
    assert "≈" not in said(page(activity=activity(is_sampled=False)))


def test_shadow_agreement_comes_from_the_log_else_from_the_counts():
    assert "74.7% agree (1,804 of 2,415)" in said(page())
    counts = SinceStart(shadows=(ShadowTally(router="morph", same=1, other=3, failed=2),))
    text = said(page(activity=None, counts=counts))
    assert "since this process started" in text
    assert "25% agree (1 of 4) 2 failed" in text
    never = said(page(activity=None, counts=SinceStart(shadows=(ShadowTally(router="morph", skipped=5),))))
    assert "nothing to compare yet" in never


def test_many_models_are_summed_up_without_losing_any():
    seen = activity(by_model={f"m{number}": 10.0 for number in range(30)})
    assert "23 others 230, 76.7%" in said(page(activity=seen))


def test_numbers_are_not_rounded_into_certainty():
    assert [share(0, 5), share(1, 10_000), share(9_999, 10_000), share(5, 5)] == [
        "0%",
        "under 0.1%",
        "over 99.9%",
        "100%",
    ]
    assert [percent(0.75), percent(0.123), percent(None)] == ["75%", "12.3%", "unknown"]
    assert [milliseconds(value) for value in (0.021, 2.44, 412.0, 2400.0)] == ["21 µs", "2.4 ms", "412 ms", "2.4 s"]


def test_an_age_is_in_the_largest_unit_that_says_enough():
    ages = [age(NOW - moment) for moment in (NOW, NOW.replace(hour=1), NOW.replace(day=2))]
    assert ages == ["0 seconds ago", "11 hours ago", "19 days ago"]
