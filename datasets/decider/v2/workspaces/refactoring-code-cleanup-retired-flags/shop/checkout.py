"""Steps of the checkout for the kinds of customers: guest, member, staff."""
from shop.flags import enabled


def allowed(kind, user):
    """Whether this kind may check out now; KeyError for an unknown kind."""
    return enabled(kind + "_checkout", user)


def steps(kind, user):
    """The pages a customer sees."""
    if not allowed(kind, user):
        return ["login"]
    if enabled("one_page", user) or kind == "staff":
        return ["all"]
    if enabled("fast_pay", user) and not enabled("one_page", user):
        return ["address", "pay"]
    return ["address"] + _bank(user)


def _bank(user):
    return ["bank", "pay"]
