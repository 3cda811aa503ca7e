import copy
import json
import unittest

from cards.board import check
from cards.merge import merge
from cards.replica import Replica
from cards.server import Server, Stale


def board(order="", **cards):
    order = order.split() if order else list(cards)
    return {"cards": {c: cards.get(c, {}) for c in order}, "order": order}


def text(value):
    return json.dumps(value, sort_keys=True)


class MergeTest(unittest.TestCase):
    def check(self, base, mine, theirs, cards=None, order=None, conflicts=()):
        kept = copy.deepcopy((base, mine, theirs))
        result, found = merge(base, mine, theirs)
        check(result)
        if cards is not None:
            self.assertEqual(text(result["cards"]), text(cards))
        if order is not None:
            self.assertEqual(" ".join(result["order"]), order)
        self.assertEqual(text(found), text(list(conflicts)))
        self.assertEqual(text(kept), text((base, mine, theirs)))
        return result, found

    def field(self, b, m, t, want, *conflicts):
        """States are dicts with the key f or without it."""
        self.check(board(a=b), board(a=m), board(a=t), {"a": want}, None, [{"card": "a", "field": "f", **c} for c in conflicts])

    def test_fields(self):
        one, two, three, none = {"f": 1}, {"f": 2}, {"f": 3}, {}
        self.field(one, two, one, two)
        self.field(one, one, two, two)
        self.field(one, two, two, two)
        self.field(one, two, three, three, {"base": 1, "mine": 2, "theirs": 3})
        self.field(one, none, one, none)
        self.field(one, one, none, none)
        self.field(one, none, none, none)
        self.field(one, none, two, two, {"base": 1, "theirs": 2})
        self.field(one, two, none, none, {"base": 1, "mine": 2})
        self.field(none, two, one, one, {"mine": 2, "theirs": 1})
        self.field(none, two, none, two)
        self.field(one, {"f": None}, none, none, {"base": 1, "mine": None})
        self.field({"f": None}, none, {"f": None}, none)

    def test_json_equality(self):
        self.field({"f": 1}, {"f": True}, {"f": 1}, {"f": True})
        self.field({"f": [0]}, {"f": [0]}, {"f": [False]}, {"f": [False]})
        self.field({"f": {"x": 1}}, {"f": {"x": True}}, {"f": {"x": 2}}, {"f": {"x": 2}}, {"base": {"x": 1}, "mine": {"x": True}, "theirs": {"x": 2}})
        self.field({"f": 1}, {"f": 1.0}, {"f": 5}, {"f": 5})
        self.field({"f": 0}, {"f": 1}, {"f": True}, {"f": True}, {"base": 0, "mine": 1, "theirs": True})

    def test_deleting(self):
        a, b = {"x": 1}, {"x": 2}
        self.check(board(a=a), board(), board(a=a), {})
        self.check(board(a=a), board(a=a), board(), {})
        self.check(board(a=a), board(), board(), {})
        self.check(board(a=a), board(), board(a=b), {"a": b}, "a", [{"card": "a", "deleted_by": "mine"}])
        self.check(board(a=a), board(a=b), board(), {"a": b}, "a", [{"card": "a", "deleted_by": "theirs"}])
        self.check(board(a=a), board(a={}), board(), {"a": {}}, "a", [{"card": "a", "deleted_by": "theirs"}])
        self.check(board(a=a), board(a={"x": True}), board(), {"a": {"x": True}}, "a", [{"card": "a", "deleted_by": "theirs"}])
        self.check(board("a b c"), board("c a b"), board("b c"), None, "c b")
        self.check(board(a={"labels": ["p"]}), board(), board(a={"labels": ["p", "q"]}), {"a": {"labels": ["p", "q"]}}, "a", [{"card": "a", "deleted_by": "mine"}])

    def test_adding(self):
        self.check(board(), board(a={"x": 1}), board(b={"y": 2}), {"a": {"x": 1}, "b": {"y": 2}})
        self.check(board(), board(a={"x": 1, "y": 1, "labels": ["p", "q"]}), board(a={"x": 2, "z": 1, "labels": ["q", "r"]}),
                   {"a": {"x": 2, "y": 1, "z": 1, "labels": ["q", "r", "p"]}}, "a", [{"card": "a", "field": "x", "mine": 1, "theirs": 2}])

    def labels(self, b, m, t, want):
        card = lambda x: {} if x is None else {"labels": x if not isinstance(x, str) else x.split()}
        self.check(board(a=card(b)), board(a=card(m)), board(a=card(t)), {"a": card(want)})

    def test_labels(self):
        self.labels("p q r", "p r", "r q p", "r p")
        self.labels("p q", "p q x", "y q p", "y q p x")
        self.labels("p q", "q p", "p q", "p q")
        self.labels("p", "q", "r", "r q")
        self.labels("p", None, "p", None)
        self.labels("p", "", "p q", "q")
        self.labels(None, "p", None, "p")
        self.labels("p q", "p", "q", None)
        self.labels([], [], [], None)
        self.labels(None, "p q", "q", "q p")
        self.labels("p", "p", "", None)

    def test_labels_that_are_none(self):
        for bad in ("p", None, ["p", 1], {"p": 1}):
            self.check(board(a={"labels": ["p"]}), board(a={"labels": ["p", "q"]}), board(a={"labels": bad}), {"a": {"labels": bad}}, "a",
                       [{"card": "a", "field": "labels", "base": ["p"], "mine": ["p", "q"], "theirs": bad}])
        self.check(board(a={"labels": 3}), board(a={"labels": ["p"]}), board(a={"labels": 3}), {"a": {"labels": ["p"]}})
        self.check(board(a={"labels": 3}), board(a={"labels": []}), board(a={"labels": 3}), {"a": {"labels": []}})

    def test_order_of_conflicts(self):
        base = board("b a c d", a={"x": 1, "y": 1}, b={"x": 1}, c={"x": 1})
        mine = board("a b d", a={"x": 2, "y": 2}, b={"x": 2})
        theirs = board("d b a c", a={"x": 3, "y": 3}, b={"x": 3}, c={"x": 3})
        _, found = merge(base, mine, theirs)
        self.assertEqual([(c.get("card"), c.get("field"), c.get("deleted_by"), c.get("order")) for c in found],
                         [("a", "x", None, None), ("a", "y", None, None), ("b", "x", None, None), ("c", None, "mine", None), (None, None, None, True)])

    def order(self, b, m, t, want, clash=False):
        self.check(board(b), board(m), board(t), None, want, [{"order": True}] if clash else [])

    def test_order(self):
        self.order("a b c", "c b a", "a b c", "c b a")
        self.order("a b c", "a b c", "c b a", "c b a")
        self.order("a b c", "b a c", "b a c", "b a c")
        self.order("a b c", "b a c", "a c b", "a c b", True)
        self.order("a b c", "a b c", "a b c", "a b c")

    def test_order_with_new_cards(self):
        self.order("a b", "a x b", "a y b", "a y x b")
        self.order("a b", "x a b", "y a b", "y x a b")
        self.order("a b", "a x b", "b y a", "b y a x")
        self.order("a b", "b x a", "a y z b", "b x a y z")
        self.order("a b", "x y a b", "a b", "x y a b")
        self.order("a b", "a b", "x y a b", "x y a b")
        self.order("a b", "x y a b", "b p a", "x y b p a")

    def test_deleted_cards_in_the_order(self):
        self.order("a b c", "c b", "a b c x", "c x b")
        self.order("a b c", "b a", "a b y c z", "b y z a")
        self.order("a b c d", "d c b", "a b c d", "d c b")
        self.check(board("a b c", b={"x": 1}), board("a c", ), board("c b a", b={"x": 2}), None, "c b a", [{"card": "b", "deleted_by": "mine"}])
        self.check(board("a b c", b={"x": 1}), board("b a c", b={"x": 2}), board("c a"), None, "b c a", [{"card": "b", "deleted_by": "theirs"}])

    def test_results_are_free(self):
        base, mine, theirs = board(a={"f": [1], "g": [1]}), board(a={"f": [2], "g": [1]}, n={"f": [7]}), board(a={"f": [3], "g": [4]}, k={"f": [8]})
        result, found = merge(base, mine, theirs)
        kept = text((base, mine, theirs))
        for card in result["cards"].values():
            for value in card.values():
                value.append(9)
        self.assertEqual(text((base, mine, theirs)), kept)
        self.assertEqual(found, [{"card": "a", "field": "f", "base": [1], "mine": [2], "theirs": [3]}])
        result["order"].clear(), found[0]["mine"].append(5)
        self.assertEqual(text((base, mine, theirs)), kept)


class ReplicaTest(unittest.TestCase):
    def test_two_devices(self):
        server = Server(board("a b", a={"n": 0}, b={"n": [0]}))
        one, two = Replica(server), Replica(server)
        one.board["cards"]["a"]["n"] = 1
        two.board["cards"]["b"]["n"].append(1)
        two.board["cards"]["a"]["n"] = 2
        one.sync(), two.sync()
        self.assertEqual(two.conflicts, [{"card": "a", "field": "n", "base": 0, "mine": 2, "theirs": 1}])
        self.assertEqual(server.get()[0], board("a b", a={"n": 1}, b={"n": [0, 1]}))
        self.assertEqual((two.board, two.base), (server.get()[0],) * 2)
        two.board["cards"]["b"]["n"].append(2)
        self.assertEqual(two.base["cards"]["b"]["n"], [0, 1])
        one.sync(), two.sync(), one.sync()
        self.assertEqual((one.board, one.conflicts, two.conflicts), (server.get()[0], [], []))
        self.assertEqual(one.board["cards"]["b"]["n"], [0, 1, 2])

    def test_stale(self):
        class Busy(Server):
            times = 0

            def put(self, new, revision):
                if self.times:
                    self.times -= 1
                    other, revision_now = self.get()
                    other["cards"]["a"]["n"] += 10
                    other["cards"]["a"].setdefault("labels", []).append("r%d" % self.times)
                    super().put(other, revision_now)
                super().put(new, revision)
        server = Busy(board("a", a={"n": 0, "labels": ["x"]}))
        one = Replica(server)
        one.board["cards"]["a"] = {"n": 1, "labels": []}
        server.times = 4
        one.sync()
        self.assertEqual(one.board, board("a", a={"n": 40, "labels": ["r3", "r2", "r1", "r0"]}))
        self.assertEqual(one.conflicts, [{"card": "a", "field": "n", "base": 0, "mine": 1, "theirs": 40}])
        self.assertEqual(server.get()[0], one.board)
        one.board["cards"]["a"]["n"] = 41
        before = copy.deepcopy((one.board, one.base, one.conflicts))
        server.times = 5
        self.assertRaises(Stale, one.sync)
        self.assertEqual(server.times, 0)
        self.assertEqual((one.board, one.base, one.conflicts), before)

    def test_other_exceptions(self):
        class Down(Server):
            def put(self, new, revision):
                new["order"].clear()
                raise OSError("gone")
        one = Replica(Down(board("a")))
        one.board["cards"]["a"]["n"] = 1
        before = copy.deepcopy((one.board, one.base, one.conflicts))
        self.assertRaises(OSError, one.sync)
        self.assertEqual((one.board, one.base, one.conflicts), before)


if __name__ == "__main__":
    unittest.main()
