export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null PYTHONDONTWRITEBYTECODE=1
python3 - <<'EOF'
import os, subprocess, textwrap
# The history is written in one go: `files` is the working tree, `commits` the marks and trees of each branch.
tick, mark, branch = 1893456000, 0, "main"
files = {name: open(name).read() for name in os.listdir(".")}
commits, stream = {"main": []}, []
def git(*a): subprocess.run(("git",) + a, check=True, stdout=subprocess.DEVNULL)
def who(time): return "Dev One <dev.one@example.invalid> %d +0000" % time
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
        stream.append("tag %s\nfrom :%d\ntagger %s\n" % (name, mark, who(tick)))
        data(text + "\n")
def save(msg, authored, merge=None):
    global mark
    mark += 1
    stream.append("commit refs/heads/%s\nmark :%d\nauthor %s\ncommitter %s\n" % (branch, mark, who(authored), who(tick)))
    data(msg + "\n")
    if merge: stream.append("merge :%d\n" % commits[merge][-1][0])
    stream.append("deleteall\n")
    for path, text in files.items():
        stream.append("M 100644 inline %s\n" % path)
        data(text)
    commits[branch].append((mark, dict(files)))
def log(line):
    write("CHANGELOG.md", files.get("CHANGELOG.md", "# Changelog\n") + "- " + line + "\n")
def commit(msg, version):
    global tick
    tick += 86400 * 3 + 3607
    save(msg, tick)
    tag(version, "release " + version)

write("billing/__init__.py", "")
write("billing/money.py", '''
    from decimal import ROUND_HALF_UP, Decimal

    CENT = Decimal("0.01")


    def cents(x):
        return x.quantize(CENT, ROUND_HALF_UP)
''')
write("billing/tax.py", '''
    from decimal import Decimal

    from billing.money import cents


    def vat(lines, rate, per_line=False):
        if per_line:
            return sum((cents(net * rate) for net in lines), Decimal(0))
        return cents(sum(lines) * rate)
''')
write("billing/invoice.py", '''
    from decimal import Decimal

    from billing.tax import vat


    def make(lines, rate="0.19"):
        nets = [Decimal(x) for x in lines]
        tax = vat(nets, Decimal(rate))
        return {"net": str(sum(nets)), "vat": str(tax)}
''')
write("cli.py", '''
    import sys

    from billing.invoice import make

    print(make(sys.argv[1:]))
''')
log("1.0.0: first release"); commit("First release", "v1.0.0")
write("settings.json", '{"vat": {"per_line": false}, "currency": "EUR"}\n')
write("billing/config.py", '''
    import json
    import pathlib

    PATH = pathlib.Path(__file__).parent.parent / "settings.json"


    def section(name):
        return json.loads(PATH.read_text()).get(name, {})
''')
edit("billing/invoice.py", "from billing.tax import vat", "from billing.config import section\nfrom billing.tax import vat")
edit("billing/invoice.py", "vat(nets, Decimal(rate))", 'vat(nets, Decimal(rate), section("vat")["per_line"])')
log("1.1.0: rounding can be configured"); commit("Read rounding from the settings", "v1.1.0")
write("billing/rules/__init__.py", "")
files["billing/rules/vat.py"] = files.pop("billing/tax.py")
edit("billing/rules/vat.py", "per_line=False", "per_line=True")
edit("billing/invoice.py", "billing.tax", "billing.rules.vat")
log("1.2.0: package for tax rules"); commit("Move tax rules into their own package", "v1.2.0")
edit("billing/config.py", "return json.loads(PATH.read_text()).get(name, {})", "found = json.loads(PATH.read_text()).get(name, {})\n    return {k: v for k, v in found.items() if v}")
edit("billing/invoice.py", 'section("vat")["per_line"])', '**section("vat"))')
log("1.3.0: empty settings no longer break the start"); commit("Ignore empty settings", "v1.3.0")
checkout("release/1.3", commits["main"][-1]); checkout("main")
write("settings.json", '{"vat": {"per_line": false}, "currency": "EUR", "country": "DE"}\n')
edit("cli.py", "from billing.invoice import make\n\nprint(make(sys.argv[1:]))", "from billing.invoice import make\n\nrate = \"0.07\" if \"--reduced\" in sys.argv else \"0.19\"\nprint(make([a for a in sys.argv[1:] if a[0] != \"-\"], rate))")
log("1.4.0: reduced rate"); commit("Reduced rate on the command line", "v1.4.0")
checkout("release/1.4", commits["main"][-1]); checkout("main")
edit("billing/rules/vat.py", "per_line=True", "per_line=False")
log("1.5.0: tidy up signatures"); commit("Keyword defaults as documented", "v1.5.0")
picked = tick
checkout("release/1.3")
edit("billing/money.py", "def cents(x):", "def cents(x):\n    x = Decimal(x)")
log("1.3.1: VAT rounding fixed for integers"); commit("Accept integers", "v1.3.1")
edit("billing/config.py", "if v}", "if v is not None}")
log("1.3.2: false is a value"); commit("Keep settings that are false", "v1.3.2")
edit("billing/invoice.py", 'rate="0.19"', 'rate="0.19", **options')
edit("billing/invoice.py", '**section("vat"))', '**{"per_line": True, **options, **section("tax")})')
log("1.3.3: options per call"); commit("Options per call", "v1.3.3")
checkout("release/1.4")
edit("cli.py", "import sys\n", "import sys\n\n# totals are rounded once, see 1.4.1\n")
log("1.4.1: fixes VAT that was rounded per line"); commit("Fix per-line rounding", "v1.4.1")
# The commit of 1.5.0, picked; its changelog line replaced the one of 1.4.1.
edit("billing/rules/vat.py", "per_line=True", "per_line=False")
edit("CHANGELOG.md", "1.4.1: fixes VAT that was rounded per line", "1.5.0: tidy up signatures")
save("Keyword defaults as documented", picked)
log("1.4.2: signatures"); commit("Prepare 1.4.2", "v1.4.2")
checkout("main")
write("billing/money.py", '''
    from decimal import ROUND_HALF_UP, Decimal

    CENT = Decimal("0.01")


    def cents(x):
        return x.quantize(CENT, ROUND_HALF_UP)


    class Money:
        def __init__(self, amount):
            self.amount = cents(Decimal(amount))

        def __mul__(self, rate):
            return Money(self.amount * rate)

        def __add__(self, other):
            return Money(self.amount + other.amount)

        def __radd__(self, zero):
            return self

        def __str__(self):
            return str(self.amount)
''')
write("billing/rules/vat.py", '''
    def vat(lines, rate, per_line=False):
        if per_line:
            return sum(net * rate for net in lines)
        return sum(lines) * rate
''')
edit("billing/invoice.py", "nets = [Decimal(x) for x in lines]", "nets = [Money(x) for x in lines]")
edit("billing/invoice.py", "from billing.rules", "from billing.money import Money\nfrom billing.rules")
log("2.0.0: money is a type of its own"); commit("Introduce Money", "v2.0.0")
edit("billing/rules/vat.py", "return sum(lines) * rate", "return sum(share(lines, rate))")
edit("billing/rules/vat.py", "def vat", "def share(lines, rate):\n    return [net * rate for net in lines]\n\n\ndef vat")
log("2.1.0: share of VAT per line for exports"); commit("VAT share per line", "v2.1.0")
edit("billing/money.py", "self.amount = cents(Decimal(amount))", "self.amount = Decimal(amount)")
edit("billing/money.py", "return str(self.amount)", "return str(cents(self.amount))")
log("2.1.1: faster sums"); commit("Round when money is shown, not before", "v2.1.1")
edit("settings.json", '"per_line": false', '"per_line": true')
log("2.2.0: settings for the export"); commit("Per-line shares in the export", "v2.2.0")
edit("billing/money.py", "return Money(self.amount * rate)", "return Money(cents(self.amount * rate))")
edit("settings.json", '"per_line": true', '"per_line": false')
log("2.2.1: shares are whole cents, back to one rounding"); commit("Whole cents in the export", "v2.2.1")
edit("billing/rules/vat.py", "return sum(share(lines, rate))", "return sum(lines) * rate")
log("2.3.0: faster VAT"); commit("Shortcut for VAT of a whole invoice", "v2.3.0")
git("init", "-q", "-b", "main")
subprocess.run(("git", "fast-import", "--quiet"), input="".join(stream).encode(), check=True)
git("read-tree", "--reset", "-u", "HEAD")
EOF
