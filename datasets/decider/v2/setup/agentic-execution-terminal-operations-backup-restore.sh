python3 - <<'EOF'
import gzip, hashlib, io, os, tarfile
os.mkdir("backups")
cat = ["name,taken,kind,base,sha256"]
def backup(name, taken, kind, base, files, deleted=None, spoil=None):
    b = io.BytesIO()
    with tarfile.open(fileobj=b, mode="w", format=tarfile.PAX_FORMAT) as t:
        def add(n, data, mode):
            i = tarfile.TarInfo(n); i.size = len(data); i.mode = mode; i.mtime = 1900000000; t.addfile(i, io.BytesIO(data))
        for n, v in files.items():
            add("tree/" + n, v[0].encode() if isinstance(v, tuple) else v.encode(), v[1] if isinstance(v, tuple) else 0o644)
        if deleted is not None: add("deleted", "".join(x + "\n" for x in deleted).encode(), 0o644)
    z = gzip.compress(b.getvalue(), mtime=0)
    h = hashlib.sha256(z).hexdigest()
    if spoil == "cut": z = z[:-9] + b"123456789"
    if spoil != "missing": open("backups/%s.tar.gz" % name, "wb").write(z)
    cat.append(",".join((name, taken, kind, base, h)))
backup("f1", "2031-02-01T01:00:00Z", "full", "", {"etc/app.conf": "v1\n", "bin/run": ("#!/bin/sh\necho 1\n", 0o755), "data/a.txt": "a1\n", "data/b.txt": "b1\n", "data/sub/c.txt": "c1\n", "log/x": "x1\n"})
backup("i1", "2031-02-03T01:00:00Z", "inc", "f1", {"data/a.txt": "a2\n", "data/new file.txt": "n1\n"}, ["data/b.txt"])
backup("i2", "2031-02-05T01:00:00Z", "inc", "i1", {"etc/app.conf": "v2\n", "data/sub/d.txt": "d1\n", "bin/tool": ("tool\n", 0o750)}, ["log/"])
backup("i3", "2031-02-07T01:00:00Z", "inc", "i2", {"data/a.txt": "a3\n"}, ["data/sub/c.txt"], spoil="cut")
backup("i5", "2031-02-09T23:30:00Z", "inc", "i4", {"data/late.txt": "late\n", "data/a.txt": "a5\n"}, [])
backup("i4", "2031-02-08T01:00:00Z", "inc", "i3", {"data/e.txt": "e1\n"}, [])
backup("i4b", "2031-02-08T13:00:00Z", "inc", "i2", {"data/sub/c.txt": "c4\n", "data/sub/g/h.txt": "h1\n", "etc/app.conf": ("v4\n", 0o600)}, ["data/sub/", "data/new file.txt"])
backup("f2", "2031-02-09T01:00:00Z", "full", "", {"etc/app.conf": "full2\n"}, spoil="missing")
backup("i6", "2031-02-09T12:00:00Z", "inc", "i4b", {"data/k.txt": "k1\n", "bin/run": ("#!/bin/sh\necho 6\n", 0o755), "log/y": "y6\n"}, ["bin/tool", "data/sub/g/"])
backup("i7", "2031-02-09T18:00:00Z", "inc", "f2", {"etc/app.conf": "v7\n"}, [])
backup("i8", "2031-02-10T12:00:01Z", "inc", "i6", {"data/a.txt": "a8\n"}, [])
open("backups/catalog.csv", "w").write("\n".join(cat) + "\n")
EOF
