import importlib.util
import json
import unittest

START = {"tick": 0, "recent": [], "epoch": 7, "seq": 30, "keys": {"OLD-9": 2}, "faults": ["create after SPOON-1", "create before BOWL-1", "update after FORK-1", "meanwhile BOX-1", "delete after TRAY-1"], "items": [{"id": 3, "sku": "LAMP-1", "title": "Lamp", "price": 1990, "origin": "sync", "locked": [], "version": 1}, {"id": 5, "sku": "lamp-2", "title": "Lamp two", "price": 2500, "origin": "sync", "locked": [], "version": 4}, {"id": 6, "sku": "MUG-1", "title": "Mug", "price": 650, "origin": "sync", "locked": [], "version": 1}, {"id": 8, "sku": "MUG-1", "title": "Mug", "price": 700, "origin": "sync", "locked": [], "version": 2}, {"id": 9, "sku": "VASE-1", "title": "Hand-made vase", "price": 9900, "origin": "hand", "locked": [], "version": 1}, {"id": 11, "sku": "TRAY-1", "title": "Tray", "price": 1500, "origin": "sync", "locked": [], "version": 1}, {"id": 12, "sku": "POT-1", "title": "Old pot", "price": 1200, "origin": "hand", "locked": [], "version": 1}, {"id": 14, "sku": "RUG-1", "title": "Rug", "price": 8900, "origin": "sync", "locked": ["price"], "version": 7}, {"id": 15, "sku": "CUP-1", "title": "Cup", "price": 300, "origin": "sync", "locked": ["title"], "version": 1}, {"id": 17, "sku": "JAR-1", "title": "Jar", "price": 450, "origin": "sync", "locked": [], "version": 1}, {"id": 18, "sku": "BOX-1", "title": "Box", "price": 990, "origin": "sync", "locked": [], "version": 1}, {"id": 20, "sku": "FORK-1", "title": "Fork", "price": 210, "origin": "sync", "locked": [], "version": 3}, {"id": 21, "sku": "DISH-1", "title": "Dish", "price": 880, "origin": "sync", "locked": [], "version": 1}, {"id": 22, "sku": "Jug-1", "title": "Jug", "price": 1200, "origin": "hand", "locked": [], "version": 2}]}
ITEMS = {3: ("LAMP-1", "Lamp", 1990, 1), 5: ("lamp-2", "Lamp two, large", 2500, 5), 6: ("MUG-1", "Mug", 700, 2), 9: ("VASE-1", "Hand-made vase", 9900, 1), 12: ("POT-1", "Old pot", 1200, 1), 14: ("RUG-1", "Red rug", 8900, 8),
         15: ("CUP-1", "Cup", 350, 2), 18: ("BOX-1", "Edited by hand", 1050, 3), 20: ("FORK-1", "Fork", 229, 4), 21: ("DISH-1", "Dish", 880, 1), 22: ("Jug-1", "Jug", 1200, 2)}
CREATED = {"SPOON-1": ("Spoon", 190), "BOWL-1": ("Bowl", 1205), "BOWL-2": ("Bowl two", 7)}


class SyncTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        with open("remote.json") as f:
            self.state = json.load(f)
        with open("access.jsonl") as f:
            self.log = [json.loads(line) for line in f]

    def test_old_items(self):
        found = {i["id"]: (i["sku"], i["title"], i["price"], i["version"]) for i in self.state["items"] if i["id"] <= 30}
        self.assertEqual(found, ITEMS)

    def test_new_items(self):
        found = sorted((i["sku"], i["title"], i["price"], i["version"]) for i in self.state["items"] if i["id"] > 30)
        self.assertEqual(found, sorted((s, *v, 1) for s, v in CREATED.items()))
        self.assertEqual(sorted(set(self.state["keys"]) - {"OLD-9"}), sorted(CREATED))

    def test_log_is_true(self):
        spec = importlib.util.spec_from_file_location("_service", "_service.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        service = module.Service(json.loads(json.dumps(START)))
        for request, answer in self.log:
            self.assertEqual(json.loads(json.dumps(service.answer(request))), answer)
        self.assertEqual(service.s, self.state)

    def test_patience(self):
        self.assertLessEqual(sum(a["status"] == 429 for _, a in self.log), 2)

    def test_report(self):
        with open("report.json") as f:
            self.assertEqual(json.load(f), {"created": sorted(CREATED), "updated": [5, 6, 14, 15, 18, 20], "deleted": [8, 11, 17]})
