"""The golden cases the simulated endpoint knows, and which of them a conversation is about."""

import hashlib
from collections.abc import Sequence

import msgspec
from msgspec import Struct

from routelab.classifier import build_messages
from routelab.llm.simulated.chores import is_chore
from routelab.llm.simulated.conversation import INSTRUCTING, Message
from routelab.records import ClassifierCase, DeciderCase, NormalisedRequest
from routelab.taxonomy import Taxonomy


class Question(Struct, frozen=True):
    """What a conversation asks.

    `asked` is a golden case, or a request to classify that is none, or None for any other prompt.
    `key` identifies the case or the prompt; `after` holds the messages that follow the prompt.
    """

    asked: ClassifierCase | DeciderCase | NormalisedRequest | None
    key: str
    after: tuple[Message, ...]

    @property
    def is_golden(self) -> bool:
        """Whether a golden case is asked."""
        return isinstance(self.asked, ClassifierCase | DeciderCase)

    @property
    def shows_retry(self) -> bool:
        """Whether an empty answer or a further user message follows the prompt."""
        return any(
            message.role == "user"
            or (message.role == "assistant" and not message.text.strip() and not message.tool_calls)
            for message in self.after
        )

    @property
    def tool_results(self) -> int:
        """How many results of tool calls follow the prompt."""
        return sum(message.role == "tool" for message in self.after)


class World:
    """An index of the golden cases by what is sent to a model for them."""

    def __init__(
        self, taxonomy: Taxonomy, classifier: Sequence[ClassifierCase], decider: Sequence[DeciderCase]
    ) -> None:
        self.taxonomy = taxonomy
        self.classifier = tuple(classifier)
        self.decider = tuple(decider)
        self._by_message = {build_messages(case.input, taxonomy)[-1]["content"]: case for case in classifier}
        # The longest prompt first: one may contain another.
        self._by_prompt = sorted(((case.user_prompt.strip(), case) for case in decider), key=lambda pair: -len(pair[0]))

    @property
    def fingerprint(self) -> str:
        """A hash (sha256) of the taxonomy and all cases."""
        content = msgspec.json.encode([self.taxonomy, self.classifier, self.decider])
        return hashlib.sha256(content).hexdigest()

    def find(self, messages: Sequence[Message], *, offers_tools: bool = False) -> Question:
        """The question in the last user message that holds one; agents wrap prompts in text of their own.

        A call without tools may want a title for the prompt and not its answer: that asks nothing.
        """
        said = [place for place, message in enumerate(messages) if message.role == "user"]
        for place in reversed(said):
            asked = self._asked(messages[place].text)
            if isinstance(asked, DeciderCase) and not offers_tools and is_chore(messages, asked):
                break
            if asked is not None:
                return _question(asked, messages, place)
        return _question(None, messages, said[0] if said else len(messages) - 1)

    def _asked(self, text: str) -> ClassifierCase | DeciderCase | NormalisedRequest | None:
        # A request to classify may quote the prompt of a decider case, so it is looked for first.
        return self._by_message.get(text) or _request_in(text) or self._task_in(text)

    def _task_in(self, text: str) -> DeciderCase | None:
        return next((case for prompt, case in self._by_prompt if prompt in text), None)


def _question(
    asked: ClassifierCase | DeciderCase | NormalisedRequest | None, messages: Sequence[Message], place: int
) -> Question:
    if isinstance(asked, ClassifierCase | DeciderCase):
        key = asked.id
    else:
        key = hashlib.sha256(messages[place].text.encode("utf-8", "replace")).hexdigest()
    # Agents add instructions of their own behind the prompt; they are no turn of the conversation.
    turns = (message for message in messages[place + 1 :] if message.role not in INSTRUCTING)
    return Question(asked, key, tuple(turns))


def _request_in(text: str) -> NormalisedRequest | None:
    """The normalised request that stands at the end of the text, as the classifier prompt has it."""
    opening = text.find("{")
    if opening < 0:
        return None
    try:
        return msgspec.json.decode(text[opening:], type=NormalisedRequest)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
