python3 - <<'EOF'
import sqlite3
con = sqlite3.connect("app.db")
for n in ("001_start", "002_end_time"): con.executescript(open("migrations/%s.sql" % n).read())
con.execute("ALTER TABLE bookings DROP COLUMN hours")
con.executemany("INSERT INTO members VALUES(?,?)", [(1, "mara"), (2, "Tim"), (3, "tim"), (4, "ola"), (5, "OLA"), (6, "Ola"), (7, "per"), (8, "MARA"), (9, "kim")])
con.executemany("INSERT INTO rooms VALUES(?,?)", [(1, "blue"), (2, "green"), (3, "test one"), (4, "attic")])
B = [(1, 1, 1, "2031-04-01T09:00", "2031-04-01T10:00"), (2, 2, 1, "2031-04-01T09:30", "2031-04-01T11:00"), (3, 3, 2, "2031-04-01T09:00", "2031-04-01T12:00"), (4, 3, 2, "2031-04-02T09:00", "2031-04-02T09:00"),
     (5, 5, 3, "2031-04-02T10:00", "2031-04-02T09:00"), (6, 5, 4, "2031-04-02T10:00", "2031-04-02T12:00"), (7, 77, 1, "2031-04-03T10:00", "2031-04-03T09:00"), (8, 7, 9, "2031-04-03T10:00", "2031-04-03T11:00"), (9, 4, 1, "2031-04-04T10:00", "2031-04-04T11:00"),
     (10, 6, 2, "2031-04-02T09:30", "2031-04-02T10:30"), (11, 1, 4, "2031-04-05T08:00", "2031-04-07T08:00"), (12, 8, 4, "2031-04-08T08:00", "2031-04-08T09:00"), (13, 66, 3, "2031-04-09T08:00", "2031-04-09T09:00"), (14, 9, 1, "2031-04-10T23:30", "2031-04-10T20:00"), (15, 5, 2, "2031-04-11T08:00", "2031-04-11T09:00")]
con.executemany("INSERT INTO bookings VALUES(?,?,?,?,?)", B)
con.execute("PRAGMA user_version = 3")
con.commit()
EOF
