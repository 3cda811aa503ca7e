"""The journal of bookings."""


def book(db, source, target, cents):
    db.execute("INSERT INTO booking (source, target, cents) VALUES (?, ?, ?)", (source, target, cents))
    db.commit()
