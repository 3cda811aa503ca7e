python3 - <<'EOF'
import sqlite3
con = sqlite3.connect("ledger.db")
con.execute("CREATE TABLE accounts(name TEXT PRIMARY KEY, seq INTEGER, cents INTEGER, currency TEXT)")
con.execute("CREATE TABLE applied(id TEXT PRIMARY KEY, n INTEGER)")
con.executemany("INSERT INTO accounts VALUES(?,?,?,?)", [("anna", 4, 2000, "EUR"), ("ben", 9, 900, "EUR"), ("carl", 0, 0, "EUR"), ("dora", 3, 50, "EUR"), ("emil", 2, 0, "EUR"), ("finn", 1, 0, "EUR"), ("gus", 6, 1000, "EUR"), ("hana", 0, 0, "EUR"), ("ida", 0, 100, "EUR"), ("jan", 0, 0, "USD"), ("kim", 0, 0, "USD"), ("lea", 0, 0, "EUR"), ("mia", 0, 0, "EUR"), ("noa", 0, 900, "EUR"), ("oli", 0, 0, "EUR"), ("pia", 0, 100, "EUR"), ("quin", 0, 100, "EUR"), ("rob", 0, 0, "EUR"), ("sam", 0, 50, "EUR"), ("tom", 0, 50, "EUR")])
con.executemany("INSERT INTO applied VALUES(?,?)", [("m00", 1), ("a17", 2)])
con.commit()
EOF
