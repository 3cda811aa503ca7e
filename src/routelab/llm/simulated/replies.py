"""What a simulated model says in one call."""

import math

from msgspec import Struct

from routelab.llm.simulated.cast import Player


class Reply(Struct, frozen=True):
    """A text, or a shell command the model wants to run (then `text` is empty)."""

    text: str = ""
    command: str | None = None
    finish_reason: str = "stop"

    @property
    def is_empty(self) -> bool:
        """Whether the model says and does nothing."""
        return not self.text and self.command is None


class Billing(Struct, frozen=True):
    """Tokens and price (USD) of one call; the thinking tokens are part of the completion tokens."""

    prompt_tokens: int
    completion_tokens: int
    thinking_tokens: int
    cost_usd: float


def truncated(text: str) -> Reply:
    """The first half of a text, cut off by a length limit."""
    return Reply(text[: len(text) // 2], finish_reason="length")


def tokens_read(characters: int) -> int:
    """The tokens of what the model reads, at about four characters a token."""
    return max(1, characters // 4)


def bill(player: Player, characters_read: int, reply: Reply) -> Billing:
    """What the call cost, at about four characters a token."""
    model = player.model
    written = len(reply.text if reply.command is None else reply.command)
    prompt = tokens_read(characters_read)
    thinking = math.ceil(model.thinking_tokens * player.variant.tokens)
    completion = thinking + math.ceil(written / 4 * player.variant.tokens)
    cost = (prompt * model.input_usd_per_million + completion * model.output_usd_per_million) / 1e6
    return Billing(prompt, completion, thinking, cost)
