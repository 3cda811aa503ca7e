"""Another version of the routing table as a shadow router, to compare before publishing."""

from collections.abc import Mapping

from routelab.decision import decide
from routelab.records import Capabilities, PoolEntry, RoutingTable
from routelab.shadow.protocol import Memory, ShadowAnswer, ShadowQuestion


class TableRouter:
    """Decides from `table` as the shim would, with incumbents of its own; nothing leaves the process.

    Its conversations live through their own switches: what is compared is a whole life on that table
    and not single picks beside our incumbents. `table` None: the one of this version is not there yet.
    """

    def __init__(
        self,
        version: str,
        incumbents: Memory[PoolEntry],
        *,
        table: RoutingTable | None = None,
        capabilities: Mapping[str, Capabilities] | None = None,
    ) -> None:
        self.name = f"table:{version}"
        self.table = table
        self._incumbents = incumbents
        self._capabilities = capabilities

    def reason_to_skip(self, question: ShadowQuestion) -> str | None:  # noqa: ARG002
        """There is no table."""
        return "no_table" if self.table is None else None

    def fingerprint(self, question: ShadowQuestion) -> None:
        """Its answer hangs on the incumbent, too, and costs less than remembering it."""

    async def ask(self, question: ShadowQuestion) -> ShadowAnswer:
        """The pick of this table."""
        decision = None
        if self.table is not None:
            decision = decide(
                question.route,
                self.table,
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
