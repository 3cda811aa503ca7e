"""Another version of the routing table as a shadow router, to compare before publishing."""

from collections.abc import Mapping

import msgspec

from routelab.decision import decide
from routelab.records import Capabilities, PoolEntry, RoutingTable
from routelab.shadow.protocol import Memory, ShadowAnswer, ShadowQuestion


class TableRouter:
    """Decides from `table` as the shim would, with incumbents of its own; nothing leaves the process.

    Its conversations live through its own switches: what is compared is a whole life on that table
    and not single picks beside our incumbents.
    """

    def __init__(
        self,
        table: RoutingTable,
        incumbents: Memory[PoolEntry],
        *,
        capabilities: Mapping[str, Capabilities] | None = None,
    ) -> None:
        self.name = f"table:{table.version}"
        self._table = table
        self._incumbents = incumbents
        self._capabilities = capabilities

    def fingerprint(self, question: ShadowQuestion) -> str:
        """Route, policy and constraints."""
        return msgspec.json.encode((question.route, question.policy, question.constraints)).decode()

    async def ask(self, question: ShadowQuestion) -> ShadowAnswer:
        """The pick of this table; skipped when the request has no route."""
        if question.route is None:
            return ShadowAnswer(status="skipped", reason="no_route")
        decision = decide(
            question.route,
            self._table,
            incumbent=self._incumbents.get(question.conversation),
            policy=question.policy,
            constraints=question.constraints,
            capabilities=self._capabilities,
        )
        if decision is None:
            return ShadowAnswer(status="answered", reason="no_candidate")
        if not question.fallback:
            self._incumbents.put(question.conversation, PoolEntry(decision.model, decision.variant))
        return ShadowAnswer(status="answered", model=decision.model, variant=decision.variant)
