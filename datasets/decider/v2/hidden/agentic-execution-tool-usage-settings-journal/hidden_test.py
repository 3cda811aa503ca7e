import hashlib
import json
import unittest

OLD_ENTRIES, OLD_HASH = (22, '1c32b43548aa918d9ba973773eef391e9673fc27ff0ef817fcf8bbce806d307e')
EXPECTED = {
    "locks/feed": "released",
    "locks/jobs-old": "ops",
    "locks/pdf": "ops",
    "locks/search": "ops until Friday",
    "services/cdn/timeout_ms": "12000",
    "services/feed/timeout_ms": "750",
    "services/geo/timeout_ms": "20000",
    "services/jobs/timeout_ms": "60250",
    "services/login/timeout_ms": "5000",
    "services/mail/timeout_ms": "30000",
    "services/pdf export/timeout_ms": "120000",
    "services/tts/timeout_ms": "0",
    "svc/login/timeout/slow": "9s",
    "svc/mail/retries": "3",
    "svc/search/timeout": "1m30s",
}


class JournalTest(unittest.TestCase):
    def setUp(self):
        with open("settings.journal", encoding="utf-8") as f:
            self.lines = f.read().splitlines(keepends=True)

    def test_old_entries_are_untouched(self):
        self.assertEqual(hashlib.sha256("".join(self.lines[:OLD_ENTRIES]).encode()).hexdigest(), OLD_HASH)

    def test_chain_and_state(self):
        state, prev, loose, touched = {}, "0" * 16, 0, []
        for n, line in enumerate(self.lines, 1):
            e = json.loads(line)
            body = {k: v for k, v in e.items() if k != "sum"}
            self.assertEqual((e["n"], e["prev"]), (n, prev))
            self.assertEqual(e["sum"], hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:16])
            prev = e["sum"]
            loose = 0 if e["op"] == "seal" else loose + 1
            self.assertLessEqual(loose, 6)
            if e["op"] == "put":
                state[e["key"]] = e["value"]
            elif e["op"] == "del":
                del state[e["key"]]
            if n > OLD_ENTRIES and e["op"] != "seal":
                touched.append(e["key"])
        self.assertEqual(state, EXPECTED)
        self.assertEqual(len(touched), len(set(touched)))
