"""A board: {"cards": {id: {field: value}}, "order": [every id, once]}; values are JSON."""


def check(board):
    """Raise ValueError for what is no board."""
    if set(board) != {"cards", "order"} or sorted(board["cards"]) != sorted(board["order"]):
        raise ValueError("not a board")
