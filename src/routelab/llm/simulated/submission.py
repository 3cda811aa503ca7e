"""Agents that take a final answer only from a command, because they end with it (mini-swe-agent)."""

import shlex
from collections.abc import Sequence

from routelab.llm.simulated.conversation import Message
from routelab.llm.simulated.replies import Reply

_SIGNAL = "COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT"


def demands_submission(messages: Sequence[Message]) -> bool:
    """Whether the agent has told the model to submit by command."""
    return any(_SIGNAL in message.text for message in messages if message.role != "tool")


def submitted(reply: Reply) -> Reply:
    """The same answer by command; an empty one or one that was cut off is no answer yet."""
    if not reply.text or reply.finish_reason != "stop":
        return reply
    return Reply(command=f"echo {_SIGNAL} && printf %s {shlex.quote(reply.text)}", finish_reason="tool_calls")
