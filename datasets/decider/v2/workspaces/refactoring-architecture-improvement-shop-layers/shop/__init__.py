from shop.model import Order
from shop.orders import history, place
from shop.report import daily
from shop.stock import OutOfStock

__all__ = ["Order", "OutOfStock", "daily", "history", "place"]
