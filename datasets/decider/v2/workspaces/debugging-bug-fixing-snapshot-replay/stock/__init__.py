from stock.aggregate import Stock
from stock.events import Event
from stock.service import OutOfStock, StockService
from stock.store import ConflictError, EventStore

__all__ = ["ConflictError", "Event", "EventStore", "OutOfStock", "Stock", "StockService"]
