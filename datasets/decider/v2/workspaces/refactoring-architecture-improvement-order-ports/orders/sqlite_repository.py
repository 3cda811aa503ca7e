"""Orders in SQLite."""
import sqlite3
from datetime import date

from orders.model import Order


class SqliteRepository:
    def __init__(self, database):
        self.connection = sqlite3.connect(database)
        self.connection.execute("CREATE TABLE IF NOT EXISTS orders (number INTEGER PRIMARY KEY, customer TEXT, placed TEXT, state TEXT)")

    def add(self, order):
        with self.connection:
            return self.connection.execute("INSERT INTO orders (customer, placed, state) VALUES (?, ?, ?)",
                                           (order.customer, order.placed.isoformat(), order.state)).lastrowid

    def rows(self, where, values):
        query = "SELECT number, customer, placed, state FROM orders WHERE " + where + " ORDER BY number"
        return [Order(n, c, date.fromisoformat(p), s) for n, c, p, s in self.connection.execute(query, values)]
