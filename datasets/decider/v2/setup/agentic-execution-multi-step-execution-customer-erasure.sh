python3 - <<'EOF'
import hashlib, os, sqlite3
con = sqlite3.connect("crm.db")
con.executescript("""
CREATE TABLE accounts(id INTEGER PRIMARY KEY, email TEXT, name TEXT, merged_into INTEGER);
CREATE TABLE disputes(id INTEGER PRIMARY KEY, account_id INTEGER, closed_on TEXT);
CREATE TABLE orders(id INTEGER PRIMARY KEY, customer_id INTEGER, placed_on TEXT, state TEXT, note TEXT, phone TEXT);
CREATE TABLE invoices(id INTEGER PRIMARY KEY, order_id INTEGER, customer_id INTEGER, issued_on TEXT, bill_name TEXT, bill_address TEXT);
CREATE TABLE invoice_lines(id INTEGER PRIMARY KEY, invoice_id INTEGER, text TEXT);
CREATE TABLE attachments(id INTEGER PRIMARY KEY, account_id INTEGER, sha TEXT);
CREATE TABLE newsletter(address TEXT, topic TEXT);
CREATE TABLE sessions(id TEXT PRIMARY KEY, account_id INTEGER, seen TEXT);
""")
A = [(7, "Ines@Mail.example.invalid", "Ines Marker", None), (12, "ines@mail.example.invalid", "I. Marker", 30), (15, "ines.old@mail.example.invalid", "Ines Old", 12), (18, "other@mail.example.invalid", "Other", None), (21, "INES.OLD@mail.example.invalid", "Ines Older", None), (30, "ines.work@mail.example.invalid", "Ines Work", None), (33, "ines@mail.example.invalid.example.invalid", "Not Ines", None), (40, "xines@mail.example.invalid", "Not Ines too", 18), (41, "w@mail.example.invalid", "Work two", 30)]
con.executemany("INSERT INTO accounts VALUES(?,?,?,?)", A)
con.executemany("INSERT INTO disputes VALUES(?,?,?)", [(1, 7, "2030-01-01"), (2, 18, None), (3, 41, "2031-05-01")])
O = [(100, 7, "2020-11-30", "shipped", "ring twice", "555-1"), (101, 12, "2021-01-02", "shipped", "call", "555-2"), (102, 15, "2031-05-20", "cancelled", "no", "555-3"), (103, 18, "2031-05-30", "open", "others", "555-9"), (104, 30, "2031-04-01", "open", "old open", "555-4"), (105, 21, "2031-05-25", "shipped", "new", "555-5"), (106, 33, "2019-01-01", "shipped", "nn", "555-8"), (107, 41, "2020-12-31", "shipped", "late bill", "555-6"), (108, 7, "2018-05-05", "shipped", "two bills", "555-7")]
con.executemany("INSERT INTO orders VALUES(?,?,?,?,?,?)", O)
I = [(500, 100, 7, "2020-12-31", "Ines Marker", "Street 1"), (501, 101, 12, "2021-01-03", "I. Marker", "Street 2"), (502, 107, 41, "2021-01-01", "Work two", "Street 3"), (503, 103, 18, "2031-05-30", "Other", "Street 9"), (504, 108, 7, "2018-05-06", "Ines Marker", "Street 1"), (505, 108, 7, "2024-05-06", "Ines Marker", "Street 4"), (506, 106, 33, "2019-01-01", "Not Ines", "Street 8")]
con.executemany("INSERT INTO invoices VALUES(?,?,?,?,?,?)", I)
con.executemany("INSERT INTO invoice_lines VALUES(?,?,?)", [(i, 500 + i % 7, "line %d" % i) for i in range(1, 15)])
os.makedirs("files"); os.makedirs("mail")
def att(n, acc, text):
    s = hashlib.sha256(text.encode()).hexdigest()[:16]; open("files/" + s, "w").write(text); con.execute("INSERT INTO attachments VALUES(?,?,?)", (n, acc, s))
att(1, 7, "passport of ines"); att(2, 18, "terms"); att(3, 15, "terms"); att(4, 12, "photo"); att(5, 30, "photo"); att(6, 33, "cat"); open("files/0000000000000000", "w").write("nobody's")
con.executemany("INSERT INTO newsletter VALUES(?,?)", [("INES@mail.example.invalid", "news"), ("w@MAIL.example.invalid", "sale"), ("other@mail.example.invalid", "news"), ("xines@mail.example.invalid", "sale"), ("ines@mail.example.invalid.example.invalid", "x")])
con.executemany("INSERT INTO sessions VALUES(?,?,?)", [("a", 7, "x"), ("b", 41, "x"), ("c", 18, "x"), ("d", 40, "x"), ("e", 21, "x")])
con.executemany("INSERT INTO sessions VALUES(?,?,?)", [("old%03d" % n, 7, "2030-01-01 " * 20) for n in range(200)])
con.commit()
open("TODAY", "w").write("2031-06-10\n")
open("mail/a.log", "w").write("1 to=<Ines@mail.example.invalid> ok\n2 to=xines@mail.example.invalid ok\n3 to=ines@mail.example.invalid.example.invalid ok\n4 from=INES.WORK@MAIL.EXAMPLE.INVALID to=other@mail.example.invalid\n5 to=a.ines@mail.example.invalid ok\n6 Bounce of ines@mail.example.invalid.\n")
open("mail/b.log", "w").write("1 w@mail.example.invalid,ines.old@mail.example.invalid,new@mail.example.invalid\n2 to=w@mail.example.invalid-list ok\n")
open("mail/c.log", "w").write("1 to=other@mail.example.invalid\n"); os.utime("mail/c.log", (1900000000, 1900000000))
EOF
