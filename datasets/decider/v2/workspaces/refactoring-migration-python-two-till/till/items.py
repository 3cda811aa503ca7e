"""What is sold."""


class Item(object):
    """Ordered by group and price."""

    def __init__(self, name, cents, group=None):
        self.name, self.cents, self.group = name, cents, group

    def __cmp__(self, other):
        return cmp((self.group, self.cents), (other.group, other.cents))

    def __hash__(self):
        return hash((self.group, self.cents))

    def __nonzero__(self):
        return self.cents != 0

    def __div__(self, count):
        return Item(self.name, self.cents / count, self.group)

    def __repr__(self):
        return "<%s %s>" % (self.name, self.cents)
