export GIT_AUTHOR_NAME="Dev One" GIT_AUTHOR_EMAIL=dev.one@example.invalid GIT_COMMITTER_NAME="Dev One" GIT_COMMITTER_EMAIL=dev.one@example.invalid
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
python3 - <<'EOF'
import os, subprocess
out, marks, mark, tick, FILES = [], {}, 0, 1893456000, {}
def data(s): b = s.encode() if isinstance(s, str) else s; return b"data %d\n" % len(b) + b + b"\n"
def commit(ref, msg, changes, parent=None, who="Dev One <dev.one@example.invalid>", merge=None, name=None):
    """changes: path -> text or None"""
    global mark, tick
    mark += 1; tick += 4000
    o = b"commit refs/heads/%s\nmark :%d\nauthor %s %d +0100\ncommitter Dev One <dev.one@example.invalid> %d +0100\n" % (ref.encode(), mark, who.encode(), tick, tick + 5)
    o += data(msg)
    if parent: o += b"from :%d\n" % marks[parent]
    if merge: o += b"merge :%d\n" % marks[merge]
    for p, t in changes.items():
        o += b"D %s\n" % p.encode() if t is None else b"M 100644 inline %s\n" % p.encode() + data(t)
    out.append(o); marks[ref] = mark; marks[name or msg] = mark
def tag(name, at, msg): out.append(b"tag %s\nfrom :%d\ntagger Dev One <dev.one@example.invalid> %d +0100\n" % (name.encode(), marks[at], tick + 9) + data(msg))
def build(folder, head):
    subprocess.run(["git", "init", "-q", "-b", head, folder], check=True)
    subprocess.run(["git", "-C", folder, "fast-import", "--quiet"], input=b"".join(out), check=True)
    subprocess.run(["git", "-C", folder, "reset", "-q", "--hard", head], check=True)
    with open(folder + "/.git/config", "a") as f: f.write("[user]\n\tname = Dev One\n\temail = dev.one@example.invalid\n[commit]\n\tgpgsign = false\n")
    out.clear(); marks.clear()

T2 = "Dev Two <dev.two@example.invalid>"
commit("main", "Start beta (#1)\n", {"beta.py": "x = 1\n", "README.md": "beta\n", "vendor/lib.py": "v1\n"}, name="b1")
commit("main", "Bring vendor up to date\n", {"vendor/lib.py": "v2\n", "vendor/more.py": "m\n"}, parent="b1", name="b2")
commit("main", "Fix #12 and C#7, see also issue#3\n\nCloses (#13).\n", {"beta.py": "x = 2\n", "vendor/lib.py": "v3\n"}, parent="b2", who=T2, name="b3")
commit("feature", "Tables (#20)\n", {"tables.py": "t = 1\n"}, parent="b2", who=T2, name="f1")
commit("main", "Merge branch 'feature' (#21)\n", {"tables.py": "t = 1\n"}, parent="b3", merge="f1", name="b4")
commit("release/1.0", "Back-port #12\n", {"beta.py": "x = 11\n"}, parent="b2", name="r1")
commit("release/1.0", "Vendor fix for 1.0\n", {"vendor/lib.py": "v2.1\n"}, parent="r1", name="r2")
commit("main", "Drop vendor/more\n", {"vendor/more.py": None}, parent="b4", name="b5")
commit("main", "Rename (#30)\n", {"README.md": None, "docs/readme.md": "beta\n"}, parent="b5", name="b6")
commit("wip/ideas", "Ideas\n", {"ideas.txt": "?\n"}, parent="b6", who=T2, name="w1")
commit("old-main", "Stray\n", {"stray.txt": "?\n"}, parent="b1", name="s1")
tag("v1.0.1", "r2", "beta 1.0.1\n\nFixes #12\n"); tag("nightly", "w1", "no\n")
out.append(b"reset refs/tags/v1.0\nfrom :%d\n" % marks["b2"]); out.append(b"reset refs/tags/v2.0\nfrom :%d\n" % marks["b6"])
build("beta", "main")
commit("main", "Start mono\n", {"app/deps.txt": "alpha==1.4\nbeta==1.9.2\nbeta-tools==3\n", "README.md": "mono\n", "libs/alpha/a.py": "a\n"}, name="m1")
commit("main", "Add gamma (#4)\n", {"libs/gamma/g.py": "g\n"}, parent="m1", name="m2")
tag("v7", "m2", "mono 7\n")
build("mono", "main")
EOF
