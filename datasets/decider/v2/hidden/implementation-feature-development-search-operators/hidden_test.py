import unittest

from find import QueryError, search

ITEMS = [
    {"id": 1, "title": "Red Lamp", "price": 10, "tags": ["Home", "light"], "new": True},
    {"id": 2, "title": "Blue lamp (large)", "price": 25.5, "tags": [], "new": False},
    {"id": 3, "title": "e-mail NOT spam", "price": None, "tags": ["light", None], "stock": 0},
    {"id": 4, "price": -5, "tags": "home", "stock": "many"},
    {"id": 5, "title": "Desk \"Oslo\"", "price": [5, 40], "tags": ["desk"], "new": "yes", "stock": 3},
    {"id": 6, "title": 7, "price": "10", "tags": None, "new": [False, True]},
    {"id": 7, "title": "Straße .. back\\slash", "price": True, "tags": [3, "or"], "stock": [1, "x"]},
]


class SearchTest(unittest.TestCase):
    def check(self, query, want):
        self.assertEqual([item["id"] for item in search(ITEMS, query)], want, query)

    def test_plain(self):
        self.check("", [1, 2, 3, 4, 5, 6, 7])
        self.check(" \t ", [1, 2, 3, 4, 5, 6, 7])
        self.check("LAMP", [1, 2])
        self.check('"red lamp"', [1])
        self.check("lamp red", [1])
        self.check("lamp AND red", [1])
        self.check('""', [1, 2, 3, 5, 7])
        self.check("STRASSE", [7])

    def test_logic(self):
        self.check("red OR blue", [1, 2])
        self.check("red OR blue large", [1, 2])
        self.check("(red OR blue) tags:home", [1])
        self.check("NOT lamp", [3, 5, 7])
        self.check("-lamp", [3, 5, 7])
        self.check("- lamp", [3, 5, 7])
        self.check("--lamp", [1, 2])
        self.check("NOT -lamp", [1, 2])
        self.check("-red lamp", [2])
        self.check("-(red OR desk)", [2, 3, 7])
        self.check("NOT red OR lamp", [1, 2, 3, 5, 7])
        self.check("lamp -(price>20)", [1])
        self.check("desk OR lamp AND NOT red", [2, 5])
        self.check("((((desk))))", [5])
        self.check("(red)(lamp)", [1])
        self.check("red(lamp)", [1])

    def test_unknown(self):
        self.check("price:10", [1, 6])
        self.check("-price:10", [2, 4, 5])
        self.check("tags:light", [1, 3])
        self.check("-tags:light", [4, 5])
        self.check("-tags:home", [5])
        self.check("new:true", [1, 6])
        self.check("-new:true", [2, 5])
        self.check("new:YES", [5])
        self.check("-new:yes", [])
        self.check("price:10 OR -price:10", [1, 2, 4, 5, 6])
        self.check("-(price:10 AND red)", [2, 3, 4, 5, 7])
        self.check("-(price:10 OR red)", [2, 5])
        self.check("-(stock:0 stock:3)", [3, 4, 5, 7])
        self.check("has:tags", [1, 3, 4, 5, 7])
        self.check("-has:tags", [2, 6])
        self.check("-has:stock", [1, 2, 6])
        self.check("has:new -new:true", [2, 5])
        self.check("nope:1 OR -nope:1", [])
        self.check("-has:nope lamp", [1, 2])

    def test_numbers(self):
        self.check("price>10", [2, 5])
        self.check("price>=10", [1, 2, 5])
        self.check("price<10", [4, 5])
        self.check("price<=-5", [4])
        self.check("-price<10", [1, 2])
        self.check("price<\"10\"", [4, 5])
        self.check("price:10.0", [1])
        self.check("price:25.50", [2])
        self.check("price:true", [7])
        self.check("price:-5", [4])
        self.check("price:5..10", [1, 5])
        self.check("price:..10", [1, 4, 5])
        self.check("price:25.5..", [2, 5])
        self.check("price:-9..-1", [4])
        self.check("price:6..39", [1, 2])
        self.check("-price:6..39", [4, 5])
        self.check("price:\"5..10\"", [])
        self.check("stock:1", [7])
        self.check("-stock:1", [3, 4, 5])
        self.check("-stock:x", [4])
        self.check("tags:3", [7])
        self.check("price>5 price<40", [1, 2, 5])

    def test_values(self):
        self.check("e-mail", [3])
        self.check('"NOT"', [3])
        self.check("tags:OR", [7])
        self.check("tags:or", [7])
        self.check("or", [])
        self.check("not spam", [3])
        self.check('"\\"oslo\\""', [5])
        self.check('"back\\\\slash"', [7])
        self.check('"back\\slash"', [7])
        self.check('".."', [7])
        self.check("..", [7])
        self.check("Price:10", [])
        self.check('"(large)"', [2])
        self.check('title:"red lamp"', [1])
        self.check("title:lamp", [])
        self.check("tags:NOT", [])
        self.check("NOTred", [])
        self.check("ANDy OR ORinoco OR red", [1])
        self.check("a1:b", [])

    def fails(self, query, at):
        with self.assertRaises(QueryError, msg=query) as caught:
            search(ITEMS, query)
        self.assertEqual(caught.exception.at, at, query)

    def test_trouble(self):
        for query, at in [("(red", 4), ("red)", 3), ("()", 1), ("red OR", 6), ("OR red", 0), ("red AND", 7), ("red AND OR blue", 8), ("NOT", 3), ("-", 1), ("- ", 2),
                          ("red OR OR", 7), ("AND", 0), (" ( red ", 7), ("a (b OR ) c", 8), ('red "x', 4), ('tags:"x', 5), ('"a"b', 3), ('"a""b"', 3),
                          ("price:", 0), ("a price: b", 2), ("price>x", 0), ("b price>=", 2), ("price:..", 0), ("price:1..x", 0), ("price:1...2", 0), ("price:a..b", 0), ("has:", 0), ("has:Price", 0), ("has:a..b", 0),
                          ("price<1e3", 0), ("price<+1", 0), ("price<1.", 0), ("price<\u0661", 0), ("price<>1", 0), ("has:a-b", 0), ("price:(1)", 0), ("price: 10", 0),
                          ("price>x )", 0), (") price>x", 0), ("price>x \"a", 0), ("red OR price:) \"", 7), ("(a b", 4), ("(a)) \"b", 3), ("NOT AND a", 4), ("NOT OR", 4)]:
            self.fails(query, at)

    def test_trouble_without_items(self):
        with self.assertRaises(QueryError):
            search([], "price>x")


if __name__ == "__main__":
    unittest.main()
