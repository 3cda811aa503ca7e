python3 - <<'EOF'
import gzip, os, random
r = random.Random(52)
lines = []
for day in (2, 3, 4, 5):
    for k in range(400):
        s = k * 216 + r.randrange(200)
        path = r.choice(["/api/cart", "/api/orders", "/api/search?q=a%20b", "/apidocs", "/static/api/logo.png", "/api/v2/orders", "/health"])
        ip = "10.0.%d.%d" % (r.randrange(1, 4), r.randrange(1, 5))
        status = r.choice([200, 200, 200, 201, 304, 404, 500, 502, 503, 499]) if path.startswith("/api/") else r.choice([200, 500, 503])
        lines.append("2031-05-%02dT%02d:%02d:%02dZ %s %s %s %d %d %dms\n" % (day, s // 3600, s // 60 % 60, s % 60, ip, r.choice(["GET", "GET", "POST"]), path, status, r.choice([500, 502, 1200, 64]), r.randrange(3, 900)))
os.mkdir("logs")
cut = [0, 350, 731, 1102, 1420, 1600]
for n, (a, b) in enumerate(zip(cut, cut[1:])):
    data = "".join(lines[a:b]).encode()
    age = 4 - n
    name = "logs/access.log" + ("" if age == 0 else ".%d" % age) + (".gz" if age >= 2 else "")
    open(name, "wb").write(gzip.compress(data, mtime=0) if age >= 2 else data)
EOF
