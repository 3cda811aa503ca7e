python3 - <<'EOF'
import runpy, sys
open("settings.journal", "w").close()
loose = [0]
def kv(*a):
    sys.argv = ["kv.py", *a]
    runpy.run_path("kv.py")
def change(*a):
    if loose[0] == 6: kv("seal"); loose[0] = 0
    kv(*a); loose[0] += 1
rev = {}
for key, value in [["svc/mail/timeout", "30s"], ["svc/mail/retries", "3"], ["svc/search/timeout", "1m30s"], ["locks/search", "ops until Friday"], ["svc/pdf export/timeout", "2m"], ["svc/feed/timeout", "500ms"], ["svc/feed/timeout", "750ms"], ["locks/feed", "released"], ["svc/geo/timeout", "45"], ["services/geo/timeout_ms", "20000"], ["svc/login/timeout", "5s"], ["svc/login/timeout/slow", "9s"], ["svc/jobs/timeout", "1m0s250ms"], ["locks/jobs-old", "ops"], ["svc/cdn/timeout", "12"], ["svc/old/timeout", "7s"], ["locks/pdf", "ops"], ["svc/tts/timeout", "0s"]]:
    change("put", key, value, "--rev", str(rev.get(key, 0)))
    rev[key] = rev.get(key, 0) + 1
change("del", "svc/old/timeout", "--rev", "1")
EOF
