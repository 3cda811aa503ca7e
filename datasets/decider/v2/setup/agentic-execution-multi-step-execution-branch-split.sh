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

calc, doc, cfg = "def add(a, b):\n    return a + b\n", "# Calc\n\nAdds numbers.\n", "[calc]\ndigits = 2\n"
commit("main", "Start", {"calc.py": calc, "docs/guide.md": doc, "calc.ini": cfg, "docs/conf.py": "title = 'Calc'\n"})
commit("wip", "Add subtraction", {"calc.py": calc + "\n\ndef sub(a, b):\n    return a - b\n"}, parent="main")
commit("wip", "Describe addition", {"docs/guide.md": doc + "\nadd(1, 2) is 3.\n"}, parent="wip")
commit("wip", "Add multiplication with a page about it", {"calc.py": calc + "\n\ndef sub(a, b):\n    return a - b\n\n\ndef mul(a, b):\n    return a * b\n", "docs/mul.md": "# mul\n\nmul(2, 3) is 6.\n"}, parent="wip", who="Dev Two <dev.two@example.invalid>")
commit("wip", "Try three digits", {"calc.ini": "[calc]\ndigits = 3\n"}, parent="wip")
commit("wip", "New title", {"docs/conf.py": "title = 'Calculator'\n"}, parent="wip")
commit("wip", "Revert \"Try three digits\"", {"calc.ini": cfg}, parent="wip")
commit("wip", "Round down", {"calc.ini": cfg + "round = down\n", "docs/guide.md": doc + "\nadd(1, 2) is 3. Results are rounded down.\n"}, parent="wip")
commit("main", "Licence", {"LICENCE": "free\n"}, parent="Start")
build(".", "main")
EOF
