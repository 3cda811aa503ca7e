"""The simulated endpoint without HTTP: one call in, one reply with its price and latency out."""

import hashlib
import random

import msgspec
from msgspec import Struct

from routelab.llm.simulated.cast import Cast, Player
from routelab.llm.simulated.classifying import classify_case, classify_other
from routelab.llm.simulated.conversation import ChatRequest
from routelab.llm.simulated.draws import seeded
from routelab.llm.simulated.replies import Billing, Reply, bill, tokens_read
from routelab.llm.simulated.shells import Shell, find_shell
from routelab.llm.simulated.solving import solve
from routelab.llm.simulated.spoiling import Pending
from routelab.llm.simulated.submission import demands_submission, submitted
from routelab.llm.simulated.truth import true_accuracy, true_classifier_accuracy
from routelab.llm.simulated.world import Question, World
from routelab.records import Candidate, ClassifierCase, DeciderCase, NormalisedRequest

PLAYER_VERSION = "1"
"""Changes whenever the same cast would play the same case differently."""

RETRY_AFTER_S = 0.05
_SMALL_TALK = "This is a simulated endpoint; it only knows the golden cases."


class CallError(Exception):
    """A call that is refused; `kind` and `code` are the words of the OpenAI API for it.

    `retry_after_s` is None unless the caller is told when to come again (seconds).
    """

    def __init__(
        self, status: int, message: str, *, kind: str, code: str | None, retry_after_s: float | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind
        self.code = code
        self.retry_after_s = retry_after_s


def unknown_model(name: str) -> CallError:
    """The refusal of a call for a model that is not in the cast."""
    message = f"The model {name!r} does not exist."
    return CallError(404, message, kind="invalid_request_error", code="model_not_found")


class Answer(Struct, frozen=True):
    """A reply on its way: `id` is the same for the same call, `shell` the tool a command goes through."""

    id: str
    reply: Reply
    shell: Shell | None
    billing: Billing
    latency_ms: float


class Simulator:
    """Plays the cast over the cases of a world; its only state is what is pending."""

    def __init__(self, world: World, cast: Cast) -> None:
        self.world = world
        self.cast = cast
        self._pending = Pending()

    def call(self, request: ChatRequest, repetition: int) -> Answer:
        """Answer one call, or raise CallError: an unknown model or effort, a rate limit, a failure."""
        player = self._player(request)
        question = self.world.find(request.messages, offers_tools=bool(request.tools))
        if question.is_golden and not question.after:
            self._refuse(player, question, repetition)
        shell = find_shell(request.tools)
        reply = self._reply(player, question, repetition, has_shell=shell is not None)
        if shell is not None and demands_submission(request.messages):
            reply = submitted(reply)
        rng = seeded(player.candidate, question.key, "call", repetition, len(question.after))
        return Answer(
            id=f"sim-{rng.getrandbits(64):016x}",
            reply=reply,
            shell=shell,
            billing=bill(player, request.characters, reply),
            latency_ms=_latency_ms(player, rng),
        )

    def count(self, request: ChatRequest) -> int:
        """The tokens the model would read; CallError for an unknown model or effort."""
        self._player(request)
        return tokens_read(request.characters)

    def describe(self) -> dict[str, object]:
        """The cast, the version of the simulation, and what a perfect benchmark would find."""
        candidates = self.cast.candidates
        return {
            "simulated": True,
            "version": self._version(),
            "models": msgspec.to_builtins(self.cast.models),
            "true_accuracy": {
                str(candidate): true_accuracy(self.cast, candidate, self.world.decider) for candidate in candidates
            },
            "true_classifier_accuracy": {
                str(candidate): true_classifier_accuracy(self.cast, candidate) for candidate in candidates
            },
        }

    def _version(self) -> str:
        parts = [PLAYER_VERSION, self.cast, self.world.fingerprint]
        return hashlib.sha256(msgspec.json.encode(parts)).hexdigest()

    def _player(self, request: ChatRequest) -> Player:
        model = self.cast.models.get(request.model)
        if model is None:
            raise unknown_model(request.model)
        effort = request.reasoning_effort
        if effort is not None and effort not in model.variants:
            known = ", ".join(model.variants) or "none"
            raise CallError(
                400,
                f"{request.model} has no reasoning_effort {effort!r}; it knows: {known}.",
                kind="invalid_request_error",
                code="unsupported_value",
            )
        return self.cast.player(Candidate(request.model, effort))

    def _refuse(self, player: Player, question: Question, repetition: int) -> None:
        refusal = self._pending.refuse(player, question.key, repetition)
        if refusal is None:
            return
        if refusal.kind == "rate_limited":
            raise CallError(
                429,
                "Too many requests; try again soon.",
                kind="rate_limit_error",
                code="rate_limit_exceeded",
                retry_after_s=RETRY_AFTER_S,
            )
        raise CallError(500, "The model failed to answer.", kind="server_error", code=None)

    def _reply(self, player: Player, question: Question, repetition: int, *, has_shell: bool) -> Reply:
        taxonomy = self.world.taxonomy
        match question.asked:
            case ClassifierCase() as case:
                return classify_case(player, case, taxonomy, repetition, asked_again=question.shows_retry)
            case DeciderCase() as case:
                return self._solve(player, case, question, repetition, has_shell=has_shell)
            case NormalisedRequest() as request:
                return classify_other(request, taxonomy)
            case None:
                return Reply(_SMALL_TALK)

    def _solve(
        self, player: Player, case: DeciderCase, question: Question, repetition: int, *, has_shell: bool
    ) -> Reply:
        was_empty = self._pending.pop_empty(player, case.id, repetition)
        # A model that already ran a command was past its empty answer.
        asked_again = was_empty or question.shows_retry or question.tool_results > 0
        reply = solve(
            player,
            case,
            repetition,
            commands_run=question.tool_results,
            has_shell=has_shell,
            asked_again=asked_again,
        )
        if reply.is_empty and not asked_again:
            self._pending.note_empty(player, case.id, repetition)
        return reply


def _latency_ms(player: Player, rng: random.Random) -> float:
    latency = player.model.latency
    return latency.median_ms * player.variant.latency * rng.lognormvariate(0.0, latency.spread)
