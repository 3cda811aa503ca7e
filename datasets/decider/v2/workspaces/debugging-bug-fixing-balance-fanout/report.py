"""Open balances of all customers."""
import pathlib

QUERY = pathlib.Path(__file__).with_name("balance.sql")


def open_balances(connection):
    """Rows of (customer name, balance in cents)."""
    return [tuple(row) for row in connection.execute(QUERY.read_text())]
