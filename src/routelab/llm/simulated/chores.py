"""Calls that agents make for themselves beside the task, and that quote its prompt."""

import re
from collections.abc import Sequence

from routelab.llm.simulated.conversation import Message
from routelab.records import DeciderCase

_CHORE = re.compile(
    r"\btitle generator\b"
    r"|\b(?:generat|creat|writ|produc|captur|extract|summari[sz]|analy[sz])\w*\b[^.]{0,120}?"
    r"\b(?:titles?|summar(?:y|ies)|conversation|session|topic)\b",
    re.IGNORECASE,
)


def is_chore(messages: Sequence[Message], case: DeciderCase) -> bool:
    """Whether these messages want a title or a summary of the case's prompt instead of its answer.

    Only what the agent itself says about the prompt is looked at. Meant for calls that offer no
    tools: an agent at work offers some.
    """
    own = [case.user_prompt.strip(), *([case.system_prompt.strip()] if case.system_prompt else [])]
    told = (message.text for message in messages if message.role not in ("assistant", "tool"))
    return any(_CHORE.search(_without(own, text)) for text in told)


def _without(quoted: Sequence[str], text: str) -> str:
    for part in quoted:
        text = text.replace(part, "")
    return text
