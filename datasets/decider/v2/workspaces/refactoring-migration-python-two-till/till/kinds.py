"""Ways to pay: every class with a code is known by it."""

KINDS = {}


class Register(type):
    def __init__(cls, name, bases, space):
        super(Register, cls).__init__(name, bases, space)
        if space.get("code"):
            KINDS[cls.code] = cls


class Kind(object):
    __metaclass__ = Register
    code = None
    percent = 0

    def cost(self, cents):
        return cents * self.percent / 100


class Cash(Kind):
    code = "c"


class Card(Kind):
    code = "k"
    percent = 2


class Voucher(Card):
    percent = -5
    code = "v"


def kind(code):
    if not KINDS.has_key(code):
        raise ValueError, "no kind %s" % `code`
    return KINDS[code]()
