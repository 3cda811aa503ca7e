"""Pages of issues."""
from issues.cursor import BadCursor, decode, encode

COLUMNS = ("title", "due", "priority", "estimate")


def page(connection, project, sort, limit, cursor=None):
    """One page of the issues of a project: {"ids": [...], "next": cursor or None, "previous": cursor or None}.

    `sort` is a list of (column, "asc" or "desc"), each column at most once. README.md has the rest.
    """
    for column, direction in sort:
        if column not in COLUMNS or direction not in ("asc", "desc"):
            raise ValueError(f"cannot sort by {column} {direction}")
    order = ", ".join(f"{column} {direction}" for column, direction in sort + [("id", "asc")])
    where, values = "project = ?", [project]
    if cursor:
        last = decode(cursor)
        for (column, direction), value in zip(sort, last["values"]):
            where += f" AND {column} {'>' if direction == 'asc' else '<'}= ?"
            values.append(value)
        where += " AND id > ?"
        values.append(last["id"])
    rows = connection.execute(
        f"SELECT id, {', '.join(column for column, _ in sort) or 'id'} FROM issue WHERE {where} ORDER BY {order} LIMIT ?",
        values + [limit]).fetchall()
    following = None
    if len(rows) == limit:
        following = encode({"values": rows[-1][1:], "id": rows[-1][0]})
    return {"ids": [row[0] for row in rows], "next": following, "previous": None}
