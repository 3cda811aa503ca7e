python3 - <<'EOF'
import json, sqlite3
rows = {s: [] for s in ("s1", "s2", "s3", "s4")}
def put(s, b, key, v, val): rows[s].append((key, b, v, val))
own = {str(b): "s%d" % (b // 4 + 1) for b in range(16)}
own["5"] = "s3"; own["2"] = "s4"
for b in range(16):
    if b in (0, 1, 2, 3, 5, 6, 9, 13, 14): continue
    for n in range(3): put(own[str(b)], b, "k%02d-%d" % (b, n), 1, "v%d" % n)
# move 3: bucket 5 s2 -> s3: map switched, journal says copied only
for k, v, val in (("k05-a", 3, "old a"), ("k05-b", 7, "late b"), ("k05-c", 2, "old c"), ("k05-d", 4, None), ("k05-f", 5, "f")): put("s2", 5, k, v, val)
for k, v, val in (("k05-a", 3, "new a"), ("k05-b", 6, "b"), ("k05-c", 4, None), ("k05-e", 1, "e"), ("k05-f", 4, None)): put("s3", 5, k, v, val)
# move 4: bucket 1 s1 -> s2: copied, not switched
for k, v, val in (("k01-a", 2, "a2"), ("k01-b", 1, "b1"), ("k01-c", 3, None), ("k01-d", 9, "same old")): put("s1", 1, k, v, val)
for k, v, val in (("k01-a", 1, "a1"), ("k01-b", 1, "b1"), ("k01-c", 2, "c2"), ("k01-d", 9, "same new"), ("k01-e", 5, "misled")): put("s2", 1, k, v, val)
# move 5: bucket 6 s2 -> s4: begun, would be too full before move 7 is cleaned ... capacity of s4
for n in range(4): put("s2", 6, "k06-%d" % n, 2, "six")
put("s2", 6, "k06-x", 2, None); put("s4", 6, "k06-0", 2, "six"); put("s4", 6, "k06-1", 5, "misled six"); put("s4", 6, "k06-9", 1, "only in s4"); put("s4", 6, "k06-3", 1, "older")
# move 6: bucket 9 s3 -> s1: begun
for n in range(3): put("s3", 9, "k09-%d" % n, 1, "nine")
put("s1", 9, "k09-0", 1, "nine")
# move 7: bucket 14 s4 -> s3 switched? no: begun; bucket 13 s4 -> s2 cleaned long ago; bucket 2 s1 -> s4 switched
for n in range(2): put("s4", 14, "k14-%d" % n, 3, "fourteen")
put("s4", 14, "k14-gone", 4, None); put("s3", 14, "k14-gone", 3, "back?")
own["13"] = "s2"
for n in range(2): put("s2", 13, "k13-%d" % n, 1, "thirteen")
for k, v, val in (("k02-a", 1, "two a"), ("k02-b", 2, "two b")): put("s1", 2, k, v, val)
for k, v, val in (("k02-a", 1, "two a"), ("k02-b", 2, "two b"), ("k02-c", 1, None)): put("s4", 2, k, v, val)
for b in (0, 3):
    for n in range(2): put("s1", b, "k%02d-%d" % (b, n), 1, "v%d" % n)
# strays
put("s3", 0, "k00-0", 3, "stray new"); put("s4", 0, "k00-0", 2, "stray mid"); put("s2", 0, "k00-1", 2, None); put("s2", 0, "k00-9", 4, None); put("s4", 3, "k03-7", 1, "only stray"); put("s1", 15, "k15-0", 1, "equal"); put("s4", 13, "k13-1", 2, "thirteen new"); put("s1", 14, "k14-0", 1, "older stray")
for s, r in rows.items():
    con = sqlite3.connect(s + ".db")
    con.execute("CREATE TABLE rows(key TEXT PRIMARY KEY, bucket INTEGER, version INTEGER, value TEXT)")
    con.executemany("INSERT INTO rows VALUES(?,?,?,?)", r); con.commit(); con.close()
json.dump({"epoch": 41, "buckets": own}, open("map.json", "w"), indent=1)
json.dump({"s1": {"capacity": 20}, "s2": {"capacity": 16}, "s3": {"capacity": 20}, "s4": {"capacity": 13}}, open("shards.json", "w"), indent=1)
J = []
def j(m, b, f, t, *steps): J.extend({"move": m, "bucket": b, "from": f, "to": t, "step": s} for s in steps)
j(1, 13, "s4", "s2", "begin", "copied", "switched", "cleaned"); j(2, 7, "s2", "s1", "begin", "aborted"); j(3, 5, "s2", "s3", "begin"); j(4, 1, "s1", "s2", "begin"); j(3, 5, "s2", "s3", "copied"); j(5, 6, "s2", "s4", "begin"); j(4, 1, "s1", "s2", "copied"); j(6, 9, "s3", "s1", "begin"); j(7, 14, "s4", "s3", "begin"); j(8, 2, "s1", "s4", "begin", "copied", "switched")
open("journal.jsonl", "w").write("".join(json.dumps(x) + "\n" for x in J))
EOF
