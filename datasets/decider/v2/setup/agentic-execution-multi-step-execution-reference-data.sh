export GIT_AUTHOR_NAME="Dev One" GIT_AUTHOR_EMAIL=dev.one@example.invalid GIT_COMMITTER_NAME="Dev One" GIT_COMMITTER_EMAIL=dev.one@example.invalid
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null
python3 - <<'EOF'
import subprocess
run = lambda *a: subprocess.run(["git", *a], check=True)
run("init", "-q", "-b", "main")
open(".git/config", "a").write("[user]\n\tname = Dev One\n\temail = dev.one@example.invalid\n")
open(".git/info/exclude", "a").write("/incoming/\n")
open("data/index.json", "w").write('{\n "A": [\n  "taxes.csv"\n ],\n "B": [\n  "taxes.csv"\n ],\n "DE": [\n  "countries.csv"\n ],\n "FR": [\n  "countries.csv"\n ],\n "HAM": [\n  "ports.csv"\n ],\n "KG": [\n  "units.csv"\n ],\n "LEH": [\n  "ports.csv"\n ],\n "M": [\n  "units.csv"\n ]\n}\n')
run("add", "-A"); run("commit", "-q", "-m", "Reference data 41")
EOF
