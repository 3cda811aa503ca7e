from desk.i18n import t
from desk.states import Berth


class Refused(Exception):
    def __init__(self, reason, **values):
        super().__init__(t("error." + reason, **values))


def label(state: Berth):
    return t(f"berth.status.{state.value}")


def assign(berth, ship):
    if ship is None:
        raise Refused("unknown_ship")
    if berth.state is Berth.TAKEN:
        raise Refused("berth_taken")
    if ship.draught > berth.depth:
        raise Refused("draught_too_deep", berth=berth.name)
    if ship.length > 180 and not ship.pilot:
        raise Refused("pilot_missing")
    berth.state = Berth.TAKEN
    return t("berth.assign")


def first_free(berths):
    return next((b for b in berths if b.state is Berth.FREE), None) or t("berth.none")
