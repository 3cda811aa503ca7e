"""Reports; every function returns a list of tuples."""


def _rows(db, sql, *values):
    cursor = db.cursor()
    cursor.execute(sql, values)
    return [tuple(row) for row in cursor.fetchall()]


def listing(db):
    return _rows(db, "SELECT plan, last FROM member ORDER BY plan, last, id")


def visits_a_member(db):
    """(plan, visits for each member with visits)"""
    rows = _rows(db, "SELECT m.plan, SUM(v.visits) / COUNT(DISTINCT v.member_id) FROM visits v JOIN member m ON m.id = v.member_id "
                     "GROUP BY m.plan ORDER BY m.plan")
    return [(plan, float(number)) for plan, number in rows]


def towns(db):
    """(town in lower case, members)"""
    return _rows(db, "SELECT LOWER(town), COUNT(*) FROM member GROUP BY LOWER(town) ORDER BY 2 DESC, 1")


def towns_of_plans(db):
    """(plan, its towns)"""
    return _rows(db, "SELECT plan, LOWER(GROUP_CONCAT(DISTINCT town ORDER BY town DESC SEPARATOR '; ')) FROM member GROUP BY plan ORDER BY plan")


def by_mail(db):
    """Members that came through a mail."""
    return _rows(db, 'SELECT id FROM member WHERE source = "email" ORDER BY id')


def same_sponsor(db, member):
    """Others who have the same sponsor, or none as well."""
    return _rows(db, "SELECT o.id FROM member o JOIN member m ON o.sponsor_id <=> m.sponsor_id AND o.id <> m.id WHERE m.id = %s ORDER BY o.id", member)


def membership(db, today):
    """(id, whole months since joining, weekday of joining)"""
    return _rows(db, "SELECT id, TIMESTAMPDIFF(MONTH, joined, %s), WEEKDAY(joined) FROM member ORDER BY id", today)
