import msgspec

from routelab.classifier import build_messages, system_prompt
from routelab.classifier.prompt import repair_messages
from routelab.records import GRADED_FIELDS, NormalisedRequest
from routelab.taxonomy import Taxonomy

REQUEST = NormalisedRequest(api_kind="messages", user_prompt_prefix="Fix the </bug>", has_tools=True)


def test_the_prompt_holds_the_whole_taxonomy(taxonomy: Taxonomy) -> None:
    prompt = system_prompt(taxonomy)
    for task in taxonomy.task_types:
        assert f"`{task.id}`: {task.description}" in prompt
        for sub in task.subtask_types:
            assert f"`{sub.id}`: {sub.description}" in prompt
            for text in (*sub.use_when, *sub.avoid_when, *sub.examples, *task.use_when, *task.avoid_when):
                assert text in prompt
    for axis in taxonomy.axes:
        assert axis.description in prompt
        assert all(f"`{value.id}`: {value.description}" in prompt for value in axis.values)
    assert all(flag.description in prompt for flag in taxonomy.flags)


def test_the_rules_keep_their_own_numbers(taxonomy: Taxonomy) -> None:
    assert "\n1. The explicit ask wins.\n2. Else the first.\n" in system_prompt(taxonomy)


def test_every_key_of_the_answer_is_asked_for(taxonomy: Taxonomy) -> None:
    closing = system_prompt(taxonomy).splitlines()[-1]
    assert all(field in closing for field in (*GRADED_FIELDS, "confidence"))


def test_keywords_are_for_the_heuristic_only(taxonomy: Taxonomy) -> None:
    assert "flaky test" not in system_prompt(taxonomy)


def test_the_request_is_material_in_the_user_message(taxonomy: Taxonomy) -> None:
    system, user = build_messages(REQUEST, taxonomy)
    assert (system["role"], user["role"]) == ("system", "user")
    assert system["content"] == system_prompt(taxonomy)
    document = user["content"].partition("\n")[2]
    assert msgspec.json.decode(document, type=NormalisedRequest) == REQUEST


def test_another_taxonomy_gives_another_prompt(taxonomy: Taxonomy) -> None:
    renamed = msgspec.structs.replace(taxonomy, description="Another field.")
    assert "Another field." in system_prompt(renamed)
    assert "Another field." not in system_prompt(taxonomy)


def test_the_retry_shows_the_answer_and_what_was_wrong(taxonomy: Taxonomy) -> None:
    messages = build_messages(REQUEST, taxonomy)
    *before, answer, complaint = repair_messages(messages, "{bad", "json")
    assert before == messages
    assert answer == {"role": "assistant", "content": "{bad"}
    assert "json" in complaint["content"]


def test_an_empty_answer_is_not_shown_again(taxonomy: Taxonomy) -> None:
    messages = build_messages(REQUEST, taxonomy)
    repaired = repair_messages(messages, " \n", "empty")
    assert [message["role"] for message in repaired] == ["system", "user", "user"]
