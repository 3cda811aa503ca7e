export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null PYTHONDONTWRITEBYTECODE=1
python3 - <<'EOF'
import os, subprocess, textwrap
# The history is written in one go: `files` is the working tree, `commits` the marks and trees of each branch.
tick, mark, branch = 1893456000, 0, "main"
files = {name: open(name).read() for name in os.listdir(".")}
commits, stream = {"main": []}, []
def git(*a): subprocess.run(("git",) + a, check=True, stdout=subprocess.DEVNULL)
def who(time): return "Dev One <dev.one@example.invalid> %d +0100" % time
def data(text): stream.append("data %d\n%s\n" % (len(text.encode()), text))
def write(path, text): files[path] = textwrap.dedent(text).lstrip("\n")
def edit(path, old, new):
    assert old in files[path], (path, old)
    write(path, files[path].replace(old, new))
def checkout(name, start=None):
    """Switch to a branch; to a new one with `start`, a (mark, files) pair."""
    global branch
    branch = name
    if start:
        stream.append("reset refs/heads/%s\nfrom :%d\n\n" % (name, start[0]))
        commits[name] = [start]
    files.clear()
    files.update(commits[name][-1][1])
def tag(name, text=None):
    if text is None:
        stream.append("reset refs/tags/%s\nfrom :%d\n\n" % (name, mark))
    else:
        stream.append("tag %s\nfrom :%d\ntagger %s\n" % (name, mark, who(tick + 60)))
        data(text + "\n")
def save(msg, authored, merge=None):
    global mark
    mark += 1
    stream.append("commit refs/heads/%s\nmark :%d\nauthor %s\ncommitter %s\n" % (branch, mark, who(authored), who(tick + 60)))
    data(msg + "\n")
    if merge: stream.append("merge :%d\n" % commits[merge][-1][0])
    stream.append("deleteall\n")
    for path, text in files.items():
        stream.append("M 100644 inline %s\n" % path)
        data(text)
    commits[branch].append((mark, dict(files)))
def commit(msg):
    global tick
    tick += 86400 + 617
    save(msg, tick)

V = """
    import re

    UNITS = {"s": 1, "m": 60, "h": 3600}


    def parts(text):
        return re.findall(r"(\\d+)([a-z])", text)


    def seconds(text):
        total = 0
        for number, unit in parts(text):
            total += int(number) * UNITS[unit]
        return total


    def show(value):
        return str(value) + "s"
"""
write("span.py", V)
write("test_span.py", """
    import unittest

    import span


    class SpanTest(unittest.TestCase):
        def test_simple(self):
            self.assertEqual(span.seconds("90s"), 90)
            self.assertEqual(span.seconds("2h"), 7200)
""")
write("notes.txt", "start\n")
commit("First version"); tag("v1.0")
def note(n): files["notes.txt"] += "note %d\n" % n
for n in range(1, 6): note(n); commit("Note %d" % n)
edit("span.py", 'UNITS = {"s": 1, "m": 60, "h": 3600}', 'UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}'); commit("Days")
for n in range(6, 9): note(n); commit("Note %d" % n)
edit("span.py", "def show(value):", "def show(value:"); commit("Prepare formatting")
note(9); commit("Note 9")
edit("span.py", "    for number, unit in parts(text):\n        total += int(number) * UNITS[unit]", "    for number, unit in parts(text):\n        total = max(total, int(number) * UNITS[unit])")
edit("span.py", 'r"(\\d+)([a-z])"', 'r"(\\d+) ?([a-z])"')
commit("Allow a blank before the unit")
edit("span.py", "def show(value:", "def show(value):"); commit("Finish formatting")
checkout("side", commits["main"][-5])
edit("span.py", 'return str(value) + "s"', 'return str(value) + " s"'); commit("Blank in output")
checkout("main"); edit("span.py", 'return str(value) + "s"', 'return str(value) + " s"'); save("Merge side", tick, merge="side")
for n in range(10, 14): note(n); commit("Note %d" % n)
edit("span.py", "        total = max(total, int(number) * UNITS[unit])", "        total = max(total, int(number) * UNITS[unit])\n    if text.startswith(\"-\"):\n        total = -total"); commit("Negative spans")
edit("span.py", 'r"(\\d+) ?([a-z])"', 'r"(\\d+) ?([a-z])", text.lower()'); edit("span.py", "text.lower(), text)", "text.lower())"); commit("Upper case units")
for n in range(14, 19): note(n); commit("Note %d" % n)
git("init", "-q", "-b", "main")
with open(".git/config", "a") as f: f.write("[user]\n\tname = Dev One\n\temail = dev.one@example.invalid\n[commit]\n\tgpgsign = false\n")
subprocess.run(("git", "fast-import", "--quiet"), input="".join(stream).encode(), check=True)
git("branch", "-q", "-D", "side")
git("read-tree", "--reset", "-u", "HEAD")
EOF
