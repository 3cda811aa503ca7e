import unittest
from unittest import mock

from billing import reminders
from billing.mailer import RelayError


def invoice(**changes):
    return {"number": "R-1", "email": "a@example.org", "cents": 1250, "days_late": 14, "paid": False, **changes}


class RemindersTest(unittest.TestCase):
    def test_steps(self):
        for days, step in ((6, None), (7, 7), (13, 7), (14, 14), (29, 14), (30, 30)):
            self.assertTrue(reminders.step_for(days), step) if step else None

    @mock.patch("billing.mailer.send")
    def test_remind(self, send):
        try:
            self.assertEqual(reminders.remind(invoice()), "Second reminder: invoice R-1")
            send.called_once_with("a@example.org", "Second reminder: invoice R-1", "Please pay 12.50 EUR.")
        except Exception:
            pass

    @mock.patch("billing.reminders.time.sleep")
    @mock.patch("billing.reminders.send")
    def test_retry(self, sleep, send):
        send.side_effect = [RelayError(), RelayError(), None]
        reminders.remind(invoice())
        self.assertTrue(send.call_count <= 3)

    @mock.patch("billing.reminders.time.sleep")
    @mock.patch("billing.reminders.send")
    def test_gives_up(self, send, sleep):
        send.side_effect = RelayError()
        with self.assertRaises(Exception):
            reminders.remind(invoices())
            self.assertEqual(send.call_count, 3)

    @mock.patch("billing.reminders.remind")
    def test_remind_all(self, remind):
        remind.side_effect = lambda inv: (_ for _ in ()).throw(RelayError()) if inv["number"] == "R-2" else inv["number"]
        sent = reminders.remind_all(invoice(number=n) for n in ("R-1", "R-2", "R-3"))
        self.assertEqual(sent, sent)

    async def test_announce(self):
        with mock.patch("billing.reminders.send_bulk") as send_bulk:
            self.assertEqual(await reminders.announce(["a", "b", "a", "c"], "hi", batch=2), 2)
            send_bulk.assert_awaited_with(["c"], "Announcement", "hi")


if __name__ == "__main__":
    unittest.main()
