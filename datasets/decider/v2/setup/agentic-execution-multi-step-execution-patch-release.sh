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

write("VERSION", "1.4.0\n"); write("CHANGELOG.md", "# Changelog\n\n## 1.4.0\n\n- First of 1.4\n")
write("app/fees.py", "RATE = 3\n\n\ndef fee(cents):\n    return cents * RATE / 100\n")
write("app/mail.py", "def subject(name):\n    return 'Hello ' + name\n")
write("app/feed.py", "def items(rows):\n    return [r for r in rows]\n")
commit("Start of 1.4")
checkout("release/1.4", commits["main"][-1])
write("VERSION", "1.4.9\n"); edit("CHANGELOG.md", "# Changelog\n\n", "# Changelog\n\n## 1.4.9\n\n- Nothing to see\n\n"); commit("Release 1.4.9"); tag("v1.4.9", "Release 1.4.9")
checkout("main")
write("VERSION", "1.5.0-dev\n"); commit("Open 1.5")
edit("app/fees.py", "cents * RATE / 100", "cents * RATE // 100"); commit("Fix fees that are not whole cents")
edit("app/feed.py", "[r for r in rows]", "sorted(rows)"); commit("Sort the feed")
write("app/dash.py", "def tiles():\n    return []\n"); commit("Fix layout of the new dashboard")
edit("app/mail.py", "'Hello ' + name", "'Hello ' + name.strip()"); commit("Fix blanks in mail subjects")
edit("app/fees.py", "    return", "    if cents < 0:\n        return 0\n    return"); commit("Fix fees of refunds")
edit("app/mail.py", "name.strip()", "name.strip().title()"); commit("Title case in mails")
git("init", "-q", "-b", "main")
with open(".git/config", "a") as f: f.write("[user]\n\tname = Dev One\n\temail = dev.one@example.invalid\n[commit]\n\tgpgsign = false\n")
subprocess.run(("git", "fast-import", "--quiet"), input="".join(stream).encode(), check=True)
git("read-tree", "--reset", "-u", "HEAD")
EOF
