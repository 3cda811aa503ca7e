python3 - <<'EOF'
import gzip, hashlib, io, json, os, tarfile, zipfile
def csv(name, n): return ("sensor,%s\n" % name + "".join("%d,%d\n" % (i, (i * 7919 + n * 31) % 1000) for i in range(40))).encode()
sha = lambda b: hashlib.sha256(b).hexdigest()
def manifest(version, files, wrong=(), without=()):
    return json.dumps({"version": version, "files": {k: sha(v + (b"x" if k in wrong else b"")) for k, v in files.items() if k not in without}}).encode()
def mkzip(files):
    b = io.BytesIO()
    with zipfile.ZipFile(b, "w", zipfile.ZIP_DEFLATED) as z:
        for k, v in files.items(): z.writestr(zipfile.ZipInfo(k, (2031, 1, 1, 0, 0, 0)), v, zipfile.ZIP_DEFLATED)
    return b.getvalue()
def mktar(files, gz=False):
    b = io.BytesIO()
    with tarfile.open(fileobj=b, mode="w", format=tarfile.USTAR_FORMAT) as t:
        for k, v in files.items():
            i = tarfile.TarInfo(k); i.size = len(v); i.mtime = 1900000000; t.addfile(i, io.BytesIO(v))
    return gzip.compress(b.getvalue(), mtime=0) if gz else b.getvalue()
os.makedirs("inbox/late")
f = {"roof.csv": csv("roof", 1), "day 1/cellar.csv": csv("cellar", 1), "gate.csv": csv("gate", 1), "notes.txt": b"n"}
open("inbox/a.zip", "wb").write(mkzip({"MANIFEST.json": manifest(2, f), **f}))
f = {"roof.csv": csv("roof", 2), "x/gate.csv": csv("gate", 2), "../yard.csv": csv("yard", 9)}
open("inbox/b.tar.gz", "wb").write(mktar({"MANIFEST.json": manifest(5, f, wrong=("roof.csv",)), **f}, gz=True))
g = {"yard.csv": csv("yard", 1), "cellar.csv": csv("cellar", 3), "lab.csv": csv("lab", 1)}
inner = mkzip({"MANIFEST.json": manifest(1, g), **g})
h = {"dock.csv": csv("dock", 4), "lab.csv": csv("lab", 7)}
inner2 = mktar({"MANIFEST.json": manifest(9, h, without=("lab.csv",)), **h}, gz=True)
nomani = mkzip({"pier.csv": csv("pier", 1)})
f = {"sub/inner.zip": inner, "dock.csv": csv("dock", 3), "sub/more.tar.gz": inner2, "empty.zip": nomani}
open("inbox/late/c.tar", "wb").write(mktar({"MANIFEST.json": manifest(4, f, wrong=("sub/inner.zip",)), **f}))
f = {"roof.csv": csv("roof", 8), "gate.csv": csv("gate", 8)}
z = mktar({"MANIFEST.json": manifest(12, f), **f, "pad.txt": bytes(4000)}, gz=True)
open("inbox/late/d.tar.gz", "wb").write(z[:-60])
f = {"gate.csv": csv("gate", 4), "tower.csv": csv("tower", 1)}
open("inbox/e.zip", "wb").write(mkzip({"MANIFEST.json": manifest(3, f), **f}))
EOF
