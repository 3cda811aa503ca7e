export GIT_AUTHOR_NAME="Dev One" GIT_AUTHOR_EMAIL=dev.one@example.invalid GIT_COMMITTER_NAME="Dev One" GIT_COMMITTER_EMAIL=dev.one@example.invalid
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null PYTHONDONTWRITEBYTECODE=1
python3 - <<'EOF'
import os, subprocess, textwrap
tick = 1893456000
def git(*a, **kw):
    env = dict(os.environ, GIT_AUTHOR_DATE="%d +0100" % tick, GIT_COMMITTER_DATE="%d +0100" % (tick + 60), **kw)
    return subprocess.run(("git",) + a, check=True, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout.strip()
def write(path, text):
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "w") as f: f.write(textwrap.dedent(text).lstrip("\n"))
def edit(path, old, new):
    s = open(path).read()
    assert old in s, (path, old)
    with open(path, "w") as f: f.write(s.replace(old, new))
def commit(msg, **kw):
    global tick
    tick += 86400 + 617
    git("add", "-A"); git("commit", "-q", "--allow-empty", "-m", msg, **kw)
git("init", "-q", "-b", "main")
for k, v in (("user.name", "Dev One"), ("user.email", "dev.one@example.invalid"), ("commit.gpgsign", "false")): git("config", k, v)
A = "@pupils.example" + ".invalid"
write(".git/info/exclude", "PURGE.md\nhidden_*\n")
write("app.py", "print('school')\n"); commit("Start")
write("data/pupils.csv", "name,mail\nann,ann" + A + "\nbob,bob" + A + "\n"); commit("Import pupils")
write("docs/guide.md", "# Guide\n\nSign in with your school address.\nExample: ann" + A + "\n\nForms are in the office.\n\nPasswords have 12 characters.\n"); commit("Guide")
git("tag", "v0.1")
git("checkout", "-q", "-b", "feature/report")
write("report.py", "SENDER = 'office@school.example.invalid'\nTEST = 'bob" + A + "'\nprint(SENDER)\n"); commit("Report for bob" + A + " and others", GIT_AUTHOR_NAME="Dev Two", GIT_AUTHOR_EMAIL="dev.two@example.invalid")
edit("report.py", "TEST = 'bob" + A + "'", "TEST = None"); commit("No test address in report")
git("checkout", "-q", "main")
os.makedirs("fixtures"); git("mv", "data/pupils.csv", "fixtures/sample.csv"); commit("Pupils are fixtures")
edit("app.py", "school", "our school"); commit("Name")
git("merge", "-q", "--no-ff", "-m", "Merge report", "feature/report")
git("tag", "-a", "v0.2", "-m", "Second version\n\nThanks to cleo" + A + " for testing.")
with open("fixtures/sample.csv", "a") as f: f.write("cleo,cleo" + A + "\n")
commit("One more pupil")
git("checkout", "-q", "-b", "release/0.2", "v0.2")
edit("docs/guide.md", "12 characters", "14 characters"); commit("Longer passwords", GIT_AUTHOR_NAME="Dev Three", GIT_AUTHOR_EMAIL="dev.three@example.invalid")
git("tag", "-a", "v0.2.1", "-m", "Patch")
git("checkout", "-q", "main")
git("rm", "-q", "fixtures/sample.csv"); commit("Fixtures are generated now")
edit("docs/guide.md", "Example: ann" + A + "\n", "Example: none\n"); commit("Guide without ann" + A)
write("docs/addresses.txt", "office@school.example.invalid\ndora" + A + "\nhelp@school.example.invalid\n"); commit("Addresses")
git("tag", "v0.3")
git("merge", "-q", "--no-ff", "-m", "Merge 0.2.1", "release/0.2")
write("lost.txt", "eve" + A + "\n"); commit("Lost"); git("reset", "-q", "--hard", "HEAD~1")
edit("app.py", "our school", "the school"); commit("Name again")
write("app.py", "print('draft for fred" + A + "')\n"); git("stash", "push", "-q")
EOF
