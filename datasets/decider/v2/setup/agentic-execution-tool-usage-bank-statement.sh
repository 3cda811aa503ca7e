python3 - <<'EOF'
import sqlite3
con = sqlite3.connect("books.db")
con.execute("CREATE TABLE invoices(number INTEGER PRIMARY KEY, customer TEXT, due_cents INTEGER, state TEXT)")
con.executemany("INSERT INTO invoices VALUES(?,?,?,?)", [(1001, "Müller", 12000, "open"), (1002, "Abt", 125050, "open"), (1003, "Jäger", 7900, "open"), (1004, "Ohm", 4500, "open"), (1005, "Lenz", 10000, "open"), (1006, "Baer", 8800, "open"), (1007, "Nagel", 10000, "open"), (1008, "Nagel", 20000, "open"), (1009, "Roth", 200000, "open"), (1010, "Sand", 1505, "void"), (1011, "Klee", 99, "open"), (1012, "Fink", 500, "paid")])
con.commit()
EOF
