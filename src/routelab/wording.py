"""Words and numbers that reports and the shim's page write alike."""

from routelab.records.tables import Source

_NOTICES: dict[Source, str] = {
    "simulated": "Simulated: the models are invented. Nothing here says anything about a real model.",
    "imported": "Imported: these results were measured elsewhere, not by this installation.",
}


def notice(source: Source) -> str | None:
    """What must stand beside everything of this source; None for an own benchmark."""
    return _NOTICES.get(source)


def usd(amount: float) -> str:
    """An amount of money: cents where they tell something, else two significant digits."""
    rounded = float(f"{amount:.2g}")
    decimals = 2 if rounded == 0 or rounded >= 0.1 else 1 - int(f"{rounded:e}".split("e")[1])
    return f"${amount:,.{decimals}f}"


def count(number: int, noun: str) -> str:
    """A number with its noun, in the plural where it is not one."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
