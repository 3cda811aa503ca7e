"""Queries on tickets. `db` is an SQLite connection; nothing here commits."""

ORDERS = {"opened": "opened, id", "newest": "opened DESC, id DESC", "title": "title COLLATE NOCASE, id"}


def find(db, state=None, text="", tags=(), since=None, until=None, owner=None, order="opened", limit=50, offset=0):
    """Ids of the tickets that fit, in this order; limit None: all of them.

    state: "active" means open or waiting. tags: all of them; empty ones do not count. since, until: from
    this second on, before that one. owner: "" means nobody.
    """
    if order not in ORDERS:
        raise ValueError("no order " + str(order))
    sql = "SELECT id FROM ticket WHERE 1 = 1"
    if state == "active":
        sql += " AND state IN ('open', 'waiting')"
    elif state is not None:
        sql += " AND state = '" + str(state).replace("'", "''") + "'"
    if text:
        sql += " AND (title LIKE '%" + text.replace("'", "''") + "%' OR body LIKE '%" + text.replace("'", "''") + "%')"
    for tag in tags:
        if tag != "":
            sql += " AND EXISTS (SELECT 1 FROM tag WHERE ticket = ticket.id AND name = '" + str(tag).replace("'", "''") + "')"
    if since is not None:
        sql += " AND opened >= " + str(int(since))
    if until is not None:
        sql += " AND opened < " + str(int(until))
    if owner == "":
        sql += " AND owner IS NULL"
    elif owner is not None:
        sql += " AND owner = '" + str(owner).replace("'", "''") + "'"
    sql += " ORDER BY " + ORDERS[order]
    if limit is not None:
        sql += " LIMIT " + str(int(limit)) + " OFFSET " + str(int(offset))
    return [row[0] for row in db.execute(sql)]


def count(db, state=None, text="", tags=(), since=None, until=None, owner=None):
    """How many tickets fit, as in find()."""
    sql = "SELECT count(*) FROM ticket WHERE 1 = 1"
    if state == "active":
        sql += " AND state IN ('open', 'waiting')"
    elif state is not None:
        sql += " AND state = '" + str(state).replace("'", "''") + "'"
    if text:
        sql += " AND (title LIKE '%" + text.replace("'", "''") + "%' OR body LIKE '%" + text.replace("'", "''") + "%')"
    for tag in tags:
        if tag != "":
            sql += " AND EXISTS (SELECT 1 FROM tag WHERE ticket = ticket.id AND name = '" + str(tag).replace("'", "''") + "')"
    if since is not None:
        sql += " AND opened >= " + str(int(since))
    if until is not None:
        sql += " AND opened < " + str(int(until))
    if owner == "":
        sql += " AND owner IS NULL"
    elif owner is not None:
        sql += " AND owner = '" + str(owner).replace("'", "''") + "'"
    return db.execute(sql).fetchone()[0]


def owners(db, state=None, text="", tags=(), since=None, until=None):
    """{owner: number of tickets} for the list beside the search; a ticket with any of the tags fits here."""
    sql = "SELECT coalesce(owner, ''), count(*) FROM ticket WHERE 1 = 1"
    if state == "active":
        sql += " AND state IN ('open', 'waiting')"
    elif state is not None:
        sql += " AND state = '" + str(state).replace("'", "''") + "'"
    if text:
        sql += " AND (title LIKE '%" + text.replace("'", "''") + "%' OR body LIKE '%" + text.replace("'", "''") + "%')"
    wanted = [tag for tag in tags if tag != ""]
    if wanted:
        sql += " AND EXISTS (SELECT 1 FROM tag WHERE ticket = ticket.id AND name IN ("
        sql += ", ".join("'" + str(tag).replace("'", "''") + "'" for tag in wanted) + "))"
    if since is not None:
        sql += " AND opened >= " + str(int(since))
    if until is not None:
        sql += " AND opened < " + str(int(until))
    return dict(db.execute(sql + " GROUP BY 1"))


def close_all(db, text="", tags=(), since=None, until=None, owner=None):
    """Close the open tickets that fit (their title, never their body; `until` included); returns how many."""
    sql = "UPDATE ticket SET state = 'closed' WHERE state = 'open'"
    if text:
        sql += " AND title LIKE '%" + text.replace("'", "''") + "%'"
    for tag in tags:
        if tag != "":
            sql += " AND EXISTS (SELECT 1 FROM tag WHERE ticket = ticket.id AND name = '" + str(tag).replace("'", "''") + "')"
    if since is not None:
        sql += " AND opened >= " + str(int(since))
    if until is not None:
        sql += " AND opened <= " + str(int(until))
    if owner == "":
        sql += " AND owner IS NULL"
    elif owner is not None:
        sql += " AND owner = '" + str(owner).replace("'", "''") + "'"
    return db.execute(sql).rowcount
