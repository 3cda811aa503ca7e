python3 - <<'EOF'
import os
def put(p, text="x\n", t=1930000000):
    os.makedirs(os.path.dirname(p) or ".", exist_ok=True)
    open(p, "w").write(text); os.utime(p, (t, t))
put("shared/uploads/logo.png", "logo", 1930000500); put("shared/uploads/a/one.txt", "one shared", 1930000100); put("shared/uploads/a/two.txt", "two shared", 1930000100); put("shared/uploads/same.txt", "same shared", 1930000100); put("shared/conf/app.ini")
for r in ["r01", "r02", "r03", "r04", "r05", "r06", "r07", "r08", "r09", "r10", "r11", "r12"]:
    put("releases/%s/app.py" % r, r)
    if r not in ("r02", "r05", "r09"): os.symlink("../../shared/uploads", "releases/%s/uploads" % r)
put("releases/r02/uploads/a/one.txt", "one r02", 1930000200); put("releases/r02/uploads/a/two.txt", "two r02", 1930000050); put("releases/r02/uploads/b/c/new.txt", "new r02", 1930000001); put("releases/r02/uploads/same.txt", "same r02", 1930000100)
put("releases/r05/uploads/a/one.txt", "one r05", 1930000150); put("releases/r05/uploads/only5.txt", "only5", 1930000002); put("releases/r09/uploads/kept.txt", "kept", 1930000900)
put("releases/r03/KEEP"); put("releases/r06/sub/KEEP"); put("releases/r05/deep/er/x.txt")
put("deploys.log", "".join("2031-03-%02dT10:00:00Z %s %s\n" % (i + 1, *x.split()) for i, x in enumerate(["r01 ok", "r02 ok", "r03 ok", "r04 ok", "r08 ok", "r05 ok", "r06 ok", "r07 failed", "r09 ok", "r10 failed", "r08 ok", "r11 ok", "r08 ok", "r12 failed"])))
os.makedirs("links")
for n, t in (("current", "../releases/r11"), ("previous", "before"), ("before", "../releases/r08"), ("old-docs", "../releases/r01/docs"), ("beta", "../etc/stage/"), ("gone", "../releases/r00"), ("app", "../releases/r04/app.py"), ("conf", "../shared/conf"), ("loop", "loop2"), ("loop2", "loop")):
    os.symlink(t, "links/" + n)
os.makedirs("etc"); os.symlink("../releases/r07", "etc/stage")
put("run/web.pid", "341\nreleases/r10/\n"); put("run/batch.pid", "512\nreleases/r12\n"); put("run/odd.pid", "77\nreleases/r05/deep\n"); put("run/alive", "1\n341\n3412\n5122\n777\n")
EOF
