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
T2, T3 = 'Dev Two <dev.two@example.invalid>', 'Dev Three <dev.three@example.invalid>'
S0 = 'def load(path):\n    with open(path) as f:\n        return [line.strip() for line in f]\n'
S1 = 'def load(path):\n    with open(path) as f:\n        rows = [line.strip() for line in f]\n    return [r for r in rows if r]\n'
S2 = 'def load(path):\n    with open(path) as f:\n        rows = [line.strip() for line in f]\n    return [r for r in rows if r and not r.startswith("#")]\n'
S3 = 'def load(path):\n    with open(path) as f:\n        rows = [line.strip() for line in f]\n    return [r for r in rows if r and not r.startswith("#")]\n\n\ndef count(path):\n    return len(load(path))\n'
M1 = 'COMMENT = ("#", ";")\n\n\ndef read(path):\n    with open(path) as f:\n        rows = [line.strip() for line in f]\n    return [r for r in rows if r and not r.startswith(COMMENT)]\n'
M2 = 'COMMENT = ("#", ";")\n\n\ndef read(path):\n    with open(path, encoding="utf-8") as f:\n        rows = [line.strip() for line in f]\n    return [r for r in rows if r and not r.startswith(COMMENT)]\n'
F_old = 'from store import load\n\n\ndef select(path, text):\n    return [r for r in load(path) if text in r]\n'
F1 = 'from store import load\n\n\ndef select(path, text, invert=False):\n    return [r for r in load(path) if (text in r) == invert]\n'
F2 = 'from store import load\n\n\ndef select(path, text, invert=False):\n    return [r for r in load(path) if (text in r) == invert]\n\n\ndef prefix(path, start):\n    return [r for r in load(path) if r.startswith(start)]\n'
Ffix = 'from store import load\n\n\ndef select(path, text, invert=False):\n    return [r for r in load(path) if (text in r) != invert]\n\n\ndef prefix(path, start):\n    return [r for r in load(path) if r.startswith(start)]\n'
C1 = 'import filters\nimport store\n\n\ndef main(args):\n    command, path, *rest = args\n    if command == "count":\n        return store.count(path)\n    if command == "list":\n        return store.load(path)\n    return filters.select(path, *rest)\n'
C2 = 'import filters\nimport store\n\n\ndef main(args):\n    if args == ["--version"]:\n        return "1.1"\n    command, path, *rest = args\n    if command == "count":\n        return store.count(path)\n    if command == "list":\n        return store.load(path)\n    return filters.select(path, *rest)\n'
check = 'import importlib\nimport os\nimport sys\n\nsys.dont_write_bytecode = True\nfor name in ("store", "filters", "cli"):\n    if os.path.exists(name + ".py"):\n        importlib.import_module(name)\nimport store\n\nwith open("sample.txt") as f:\n    assert len(f.read().splitlines()) == 6\nrows = getattr(store, "read", getattr(store, "load", None))("sample.txt")\nassert "beta" in rows\nif hasattr(store, "count"):\n    assert store.count("sample.txt") == len(rows)\nif os.path.exists("filters.py"):\n    import filters\n    assert filters.select("sample.txt", "a") == [r for r in rows if "a" in r]\n    if hasattr(filters, "prefix"):\n        assert filters.prefix("sample.txt", "b") == ["beta"]\nif os.path.exists("cli.py"):\n    import cli\n    assert cli.main(["count", "sample.txt"]) == len(rows)\n'

commit("main", "Start", {"store.py": S0, "check.py": check, "sample.txt": "alpha\n\n# note\nbeta\n; more\ngamma\n"}, name="m0")
commit("feat/a", "Skip empty lines", {"store.py": S1}, parent="m0", who=T2, name="a1")
commit("feat/a", "Skip comments", {"store.py": S2}, parent="a1", who=T2, name="a2")
commit("feat/a", "Count rows", {"store.py": S3}, parent="a2", who=T2, name="a3")
commit("feat/c", "Add filters", {"filters.py": F_old}, parent="a3", who=T3, name="oldb1")
commit("feat/b", "Add filters", {"filters.py": F1}, parent="a3", who=T3, name="b1")
commit("main", "Read files (#41)\n\nContains: Skip empty lines\nContains: Skip comments\n", {"store.py": M1}, parent="m0", name="m1")
commit("feat/b", "Filter by prefix", {"filters.py": F2}, parent="b1", who=T3, name="b2")
commit("feat/c", "Add a command line", {"cli.py": C1}, parent="oldb1", who=T2, name="c1")
commit("feat/c", "Describe the command line", {"README": "cli.py count FILE\n"}, parent="c1", name="c2")
commit("main", "Files are UTF-8 (#42)", {"store.py": M2}, parent="m1", name="m2")
commit("feat/b", "fixup! Add filters", {"filters.py": Ffix}, parent="b2", who=T2, name="b3")
commit("feat/c", "Add --version", {"cli.py": C2}, parent="c2", who=T2, name="c3")
build("repo", "main")
EOF
