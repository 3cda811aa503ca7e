from backoffice.config import plan_features, role_chain, rules
from backoffice.patterns import best
from backoffice.registry import ACTIONS


def role_allows(role, name):
    """The nearest role of the chain that says anything about the action decides; inside one
    role the more exact pattern decides, and a denial wins a draw."""
    for link in role_chain(role):
        grant = best(rules(link, "grant"), name)
        deny = best(rules(link, "deny"), name)
        if grant or deny:
            return grant > deny
    return False


def allowed(user, name):
    spec = ACTIONS[name]
    if spec["feature"] and spec["feature"] not in plan_features(user["plan"]):
        return False
    if user["level"] < spec["level"]:
        return False
    return any(role_allows(role, name) for role in user["roles"])
