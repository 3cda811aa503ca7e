"""Visits and waiting lists."""


def visit(db, member, day):
    """Counts a visit on a day "YYYY-MM-DD"; every fifth one of a month gives a free one."""
    cursor = db.cursor()
    cursor.execute(
        "INSERT INTO visits (member_id, month, visits, last_day) VALUES (%s, LEFT(%s, 7), 1, %s) "
        "ON DUPLICATE KEY UPDATE visits = visits + 1, free = free + (visits %% 5 = 0), last_day = GREATEST(last_day, VALUES(last_day))",
        (member, day, day))
    db.commit()


def queue(db, course, member, pos):
    """Puts a member at a position of the waiting list; the others move back."""
    cursor = db.cursor()
    cursor.execute("UPDATE waiting SET pos = pos + 1 WHERE course = %s AND pos >= %s ORDER BY pos DESC", (course, pos))
    cursor.execute("INSERT INTO waiting (course, pos, member_id) VALUES (%s, %s, %s)", (course, pos, member))
    db.commit()


def clear(db, plan):
    """Takes the members of a plan off all waiting lists; returns how many places went."""
    cursor = db.cursor()
    cursor.execute("DELETE w FROM waiting w JOIN member m ON m.id = w.member_id WHERE m.plan = %s", (plan,))
    db.commit()
    return cursor.rowcount


def waiting(db, course):
    cursor = db.cursor()
    cursor.execute("SELECT pos, member_id FROM waiting WHERE course = %s ORDER BY pos", (course,))
    return [tuple(row) for row in cursor.fetchall()]
