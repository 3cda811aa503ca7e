python3 - <<'EOF'
import sqlite3
con = sqlite3.connect("shop.db")
con.executescript(open("schema.sql").read())
con.execute("INSERT INTO session VALUES('', '')")
hour = [0]
def who(actor):
    hour[0] += 1
    con.execute("UPDATE session SET actor = ?, at = ?", (actor, "2031-03-%02dT%02d:00:00Z" % (3 + hour[0] // 24, hour[0] % 24)))
def ins(i, sku, title, price, stock): con.execute("INSERT INTO articles VALUES(?,?,?,?,?)", (i, sku, title, price, stock))
def up(i, **kw): con.execute("UPDATE articles SET " + ", ".join(k + " = ?" for k in kw) + " WHERE id = ?", (*kw.values(), i))
def rm(i): con.execute("DELETE FROM articles WHERE id = ?", (i,))
who("mara")
for i in range(1, 25): ins(i, "S-%02d" % i, "Article %d" % i, i * 100, i)
who("import-7")
up(1, price=111); up(2, price=222, stock=0); up(3, title="Bad 3"); up(4, price=444); up(5, price=555, title="Bad 5"); up(6, stock=66)
ins(40, "N-40", "New 40", 1, 1); ins(41, "N-41", "New 41", 1, 1); ins(42, "N-42", "New 42", 1, 1); ins(43, "N-43", "New 43", 1, 1); ins(44, "N-44", "New 44", 1, 1); ins(45, "N-45", "New 45", 1, 1)
rm(10); rm(11); up(12, price=1, stock=0); rm(12); rm(13); up(14, price=14); up(15, sku="S-15-X"); up(16, sku="S-16-X", price=16); up(17, price=17)
who("tim")
up(2, stock=7); up(3, title="Bad 3", price=333); up(4, price=440); up(12 + 6, price=5); ins(50, "S-11", "Tim's 11", 9, 9); up(41, price=2); con.execute("INSERT INTO offers VALUES(1, 42, 'sale')"); up(43, title="New 43")
up(5, price=550); rm(6); ins(51, "S-16", "Tim's 16", 1, 1); up(17, price=1701); up(19, stock=190)
who("import-7")
up(4, price=4444); up(5, title="Worse 5"); rm(44); up(1, price=112); up(17, price=1702); up(19, price=19, stock=191); rm(20); ins(52, "S-20", "Import's 20", 3, 3); up(43, price=3); up(21, price=2100, stock=210); up(50, title="Bad 50"); up(45, stock=4)
who("mara")
up(17, price=1703); up(17, price=1702); up(19, stock=190); up(21, price=2101); up(22, price=1); up(2, title="Article Two")
who("import-70")
up(23, price=7); up(45, stock=4)
who("tim")
up(24, price=24)
con.commit()
EOF
