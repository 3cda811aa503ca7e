python3 - <<'EOF'
import os
def put(p, mode, text="x\n"):
    p = "tree/" + p; os.makedirs(os.path.dirname(p), exist_ok=True)
    open(p, "w").write(text); os.chmod(p, mode)
os.umask(0o022)
put("README", 0o666); put("run", 0o600, "#!/bin/sh\n"); put("lib/tool.py", 0o644, "#!/usr/bin/env python3\n"); put("lib/mod.py", 0o755); put("lib/a/b/job.sh", 0o644); put("bin/start", 0o644); put("bin/notes.md", 0o755); put("bin/sub/helper", 0o755); put("bin/demo.md", 0o644, "#!demo\n")
put("etc/secret/key.pem", 0o644); put("etc/secret/deep/er/.hidden", 0o640); put("etc/secret/public/cert.pem", 0o600); put("etc/secret/public/in/cert.pem", 0o600); put("etc/secret/go.sh", 0o755, "#!/bin/sh\n"); put("etc/app.conf", 0o640)
put("data/x.csv", 0o600); put("data/in/y.csv", 0o664); put("data/old/z.csv", 0o611); put("data/old/q/w.csv", 0o622); put("data/load.sh", 0o644, "#!/bin/sh\n"); put("x/.git/hooks/pre.sample", 0o755, "#!/bin/sh\n"); put(".git/hooks/post.sample", 0o644); put("log/app-1.log", 0o644); put("log/app-10.log", 0o666); put("space dir/two words.sh", 0o700)
put("../outside.txt", 0o600); put("../outside/in.txt", 0o600)
os.link("tree/etc/secret/key.pem", "tree/lib/key.pem"); os.link("tree/bin/start", "tree/data/start"); os.symlink("../outside.txt", "tree/out.sh"); os.symlink("../../outside", "tree/lib/outside"); os.symlink("README", "tree/readme-link")
for d, m in (("tree/data", 0o755), ("tree/data/in", 0o700), ("tree/data/old", 0o750), ("tree/data/old/q", 0o711), ("tree/etc/secret", 0o755), ("tree/etc/secret/deep", 0o711), ("tree", 0o700), ("outside", 0o700), ("tree/space dir", 0o777), ("tree/.git/hooks", 0o700)): os.chmod(d, m)
EOF
