python3 - <<'EOF'
import hashlib, os
os.chdir("store")
H, body = {}, {}
def obj(label, text):
    H[label] = hashlib.sha256(text.encode()).hexdigest(); body[label] = text
def blob(l): obj(l, "blob\n" + (l + "\n") * 3)
def tree(l, *kids): obj(l, "tree\n" + "".join("%s %s\n" % (H[k], k) for k in kids))
def delta(l, base): obj(l, "delta %s\n+%s\n" % (H[base], l))
for l in ["b%02d" % i for i in range(30)]: blob(l)
delta("d1", "b01"); delta("d2", "d1"); delta("d3", "b03"); delta("d4", "b20")
tree("t-sub", "b02", "d2"); tree("t-live", "t-sub", "b00"); tree("t-arch", "b04", "b05")
tree("t-bad", "b06", "b07"); tree("t-badlost", "b08", "b09"); tree("t-top", "t-bad", "b10", "t-badlost", "b11")
tree("t-trash", "b12", "d3"); tree("t-trash2", "b13"); tree("t-pin", "b14"); tree("t-oldpin", "b15"); tree("t-new", "b16", "b12")
tree("t-lock", "b17"); tree("t-oldlock", "b18"); tree("t-orphan", "b19", "d4", "b00"); tree("t-absent", "b21"); tree("t-readd", "b22"); tree("t-day", "b23"); tree("t-edge", "b24")
tree("t-orphanbad", "b25"); tree("t-pinnedref", "t-absent")
def put(path, text):
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    open(path, "w").write(text)
def place(l, text=None): put("objects/%s/%s" % (H[l][:2], H[l][2:]), body[l] if text is None else text)
for l in body:
    if l in ("t-absent", "b21", "b11"): continue
    place(l, {"t-bad": "tree\n" + H["b26"] + " b26\n", "t-badlost": "tree\n", "b05": "blob\nb05\n", "t-orphanbad": "", "b27": "blob"}.get(l))
put("incoming/part-17", body["t-bad"]); put("incoming/x.tmp", body["t-absent"]); put("incoming/" + H["t-badlost"], "tree\n"); put("incoming/y", body["b27"]); put("incoming/z.blob", body["b21"]); put("incoming/u", body["b28"])
put("NOW", "2031-06-20T12:00:00Z\n")
put("refs/live/main", H["t-live"] + "\n"); put("refs/live/web/current", "@archive/2030\n"); put("refs/archive/2030", H["t-arch"] + "\n"); put("refs/live/shop", H["t-top"] + "\n")
put("refs/trash/one", H["t-trash"] + "\n"); put("refs/trash/two", H["t-trash2"] + "\n"); put("refs/archive/kept", "@trash/link\n"); put("refs/trash/link", "@trash/two\n")
put("pins.txt", "# pins\n%s 2031-06-20\n%s 2031-06-19\n\n%s -\n" % (H["t-pin"][:12], H["t-oldpin"], H["t-pinnedref"][:10]))
add = [(l, "2031-05-%02dT08:00:00Z" % (1 + n % 28)) for n, l in enumerate(body)]
add += [("t-new", "2031-06-15T00:00:00Z"), ("t-readd", "2031-06-19T00:00:00Z"), ("t-day", "2031-06-13T12:00:00Z"), ("t-edge", "2031-06-13T12:00:01Z")]
add = [("t-oldlock", "2031-05-02T00:00:00Z")] + add
put("added.tsv", "".join("%s\t%s\n" % (H[l], t) for l, t in add))
put("locks/" + H["t-lock"], "2031-06-19T13:00:00Z\n"); put("locks/" + H["t-oldlock"], "2031-06-19T11:59:00Z\n")
DBG = 0
EOF
