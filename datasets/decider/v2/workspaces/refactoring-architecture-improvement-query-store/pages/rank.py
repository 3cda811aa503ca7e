"""The page of the best sellers."""


def best_sellers(db, since, limit=3):
    """[(name, sold)] of the articles sold most often since a day; of equals the lower number first."""
    sold = {}
    for order, in db.execute("SELECT id FROM purchase WHERE day >= ?", (since,)).fetchall():
        for article, count in db.execute("SELECT article, count FROM line WHERE purchase = ?", (order,)).fetchall():
            sold[article] = sold.get(article, 0) + count
    best = sorted(sold, key=lambda article: (-sold[article], article))[:limit]
    names = []
    for article in best:
        row = db.execute("SELECT name FROM article WHERE number = ?", (article,)).fetchone()
        names.append((row[0] if row else "(gone)", sold[article]))
    return names


def unsold(db, since):
    """Names of the articles that nobody bought since a day, sorted."""
    names = []
    for number, name in db.execute("SELECT number, name FROM article").fetchall():
        for article, order in db.execute("SELECT article, purchase FROM line WHERE article = ?", (number,)).fetchall():
            day = db.execute("SELECT day FROM purchase WHERE id = ?", (order,)).fetchone()
            if day and day[0] >= since:
                break
        else:
            names.append(name)
    return sorted(names)
