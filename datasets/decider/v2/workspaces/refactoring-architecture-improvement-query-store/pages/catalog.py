"""Pages of the catalog."""


def article_page(db, number):
    row = db.execute("SELECT number, name, cents FROM article WHERE number = ?", (number,)).fetchone()
    if row is None:
        return None
    tags = [r[0] for r in db.execute("SELECT name FROM tag WHERE article = ? ORDER BY name", (number,))]
    return {"number": row[0], "name": row[1], "cents": row[2], "tags": tags}


def list_page(db, limit=20):
    """The articles by name, each with its tags and its average rating (None without ratings)."""
    page = []
    for number, name in db.execute("SELECT number, name FROM article ORDER BY name, number LIMIT ?", (limit,)).fetchall():
        tags = [r[0] for r in db.execute("SELECT name FROM tag WHERE article = ? ORDER BY name", (number,))]
        stars = [r[0] for r in db.execute("SELECT stars FROM rating WHERE article = ?", (number,))]
        page.append({"number": number, "name": name, "tags": tags, "stars": sum(stars) / len(stars) if stars else None})
    return page
