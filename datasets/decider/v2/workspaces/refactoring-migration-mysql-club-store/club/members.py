"""Members."""


def add(db, email, first, last, joined, plan="trial"):
    """The new member's id; ids of members that left never come again."""
    cursor = db.cursor()
    cursor.execute("INSERT INTO member (email, first, last, joined, plan) VALUES (%s, %s, %s, %s, %s)", (email, first, last, joined, plan))
    db.commit()
    return cursor.lastrowid


def remove(db, member):
    cursor = db.cursor()
    cursor.execute("DELETE FROM member WHERE id = %s", (member,))
    db.commit()


def by_name(db, name):
    """Ids of the members with that first and last name."""
    cursor = db.cursor()
    cursor.execute("SELECT id FROM member WHERE CONCAT(first, ' ', last) = %s ORDER BY id", (name,))
    return [row[0] for row in cursor.fetchall()]


def search(db, text):
    """Last names that contain the text, in order."""
    pattern = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    cursor = db.cursor()
    cursor.execute("SELECT last FROM member WHERE last LIKE %s ORDER BY last, id", ("%" + pattern + "%",))
    return [row[0] for row in cursor.fetchall()]


def address(db, member):
    cursor = db.cursor()
    cursor.execute("SELECT CONCAT_WS(', ', street, town, source) FROM member WHERE id = %s", (member,))
    return cursor.fetchone()[0]


def set_plan(db, plan, joined_before):
    """Puts old members on a plan; returns how many had another one."""
    cursor = db.cursor()
    cursor.execute("UPDATE member SET plan = %s WHERE joined < %s", (plan, joined_before))
    db.commit()
    return cursor.rowcount


def renew(db, member, months):
    """The new end of what is paid, as text."""
    cursor = db.cursor()
    cursor.execute("UPDATE member SET paid_until = DATE_ADD(paid_until, INTERVAL %s MONTH) WHERE id = %s", (months, member))
    db.commit()
    cursor.execute("SELECT paid_until FROM member WHERE id = %s", (member,))
    return str(cursor.fetchone()[0])


def charge(db, member, cents):
    """(balance, state) after the charge."""
    cursor = db.cursor()
    cursor.execute("UPDATE member SET balance = balance - %s, state = IF(balance < 0, 'blocked', 'open') WHERE id = %s", (cents, member))
    db.commit()
    cursor.execute("SELECT balance, state FROM member WHERE id = %s", (member,))
    return tuple(cursor.fetchone())
