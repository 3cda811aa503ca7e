"""What one can do with orders."""
from datetime import date, timedelta

from orders.model import Order
from orders.outbox import Outbox
from orders.sqlite_repository import SqliteRepository


class UnknownOrder(KeyError):
    pass


class OrderService:
    def __init__(self, database="orders.db", outbox_folder="outbox"):
        self.repository = SqliteRepository(database)
        self.outbox = Outbox(outbox_folder)

    def place(self, customer):
        """Place an order today and return its number."""
        number = self.repository.add(Order(None, customer, date.today()))
        self.outbox.write(customer, f"Thank you for order {number}.")
        return number

    def cancel(self, number):
        """Cancel an open order; UnknownOrder if there is none, ValueError if it is not open."""
        found = self.repository.rows("number = ?", (number,))
        if not found:
            raise UnknownOrder(number)
        if found[0].state != "open":
            raise ValueError(f"order {number} is {found[0].state}")
        with self.repository.connection as connection:
            connection.execute("UPDATE orders SET state = 'cancelled' WHERE number = ?", (number,))
        self.outbox.write(found[0].customer, f"Order {number} is cancelled.")

    def expire(self, days=14):
        """Cancel all orders open for more than `days` days; returns their numbers, oldest first."""
        limit = date.today() - timedelta(days=days)
        found = self.repository.rows("state = 'open' AND placed < ?", (limit.isoformat(),))
        expired = sorted(found, key=lambda order: (order.placed, order.number))
        for order in expired:
            self.cancel(order.number)
        return [order.number for order in expired]
