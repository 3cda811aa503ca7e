python3 - <<'EOF'
import os
os.makedirs("snap/proc/net")
def proc(pid, ppid, state, svc, cmd, fds=(), maps=()):
    d = "snap/proc/%d" % pid
    os.makedirs(d + "/fd"); os.makedirs(d + "/fdinfo")
    open(d + "/cmdline", "wb").write(b"\0".join(c.encode() for c in cmd) + (b"\0" if cmd else b""))
    open(d + "/status", "w").write("Name:\t%s\nState:\t%s\nTgid:\t%d\nPid:\t%d\nPPid:\t%d\n" % (cmd[0].split("/")[-1] if cmd else "gone", state, pid, pid, ppid))
    open(d + "/cgroup", "w").write("0::/system.slice/%s\n" % svc)
    for n, (target, ino) in enumerate(fds):
        os.symlink(target, d + "/fd/%d" % n)
        open(d + "/fdinfo/%d" % n, "w").write("pos:\t0\nflags:\t0100002\nmnt_id:\t29\nino:\t%d\n" % ino)
    open(d + "/maps", "w").write("".join("7f%010x-7f%010x r--s 00000000 08:01 %d                   %s\n" % (k * 4096, k * 4096 + 4096, ino, name) for k, (name, ino) in enumerate(maps)))
null = ("/dev/null", 5)
S = lambda i: ("socket:[%d]" % i, i)
F = lambda name, ino, gone=True: (name + (" (deleted)" if gone else ""), ino)
proc(1, 0, "S (sleeping)", "init.scope", ["/sbin/init"], [null])
proc(410, 1, "S (sleeping)", "edge.service", ["edge", "--listen", "8443"], [null, S(7001), S(7002), F("/srv/log/edge.log", 901, False)])
proc(411, 410, "S (sleeping)", "edge.service", ["edge", "worker"], [null, S(7001), S(7010)])
proc(412, 410, "S (sleeping)", "edge.service", ["edge", "worker"], [null, S(7001), S(7002), S(7011), F("/srv/log/edge.log.1", 902)])
proc(500, 1, "S (sleeping)", "shipper.service", ["shipper", "--all"], [null, F("/srv/log/edge.log.1", 902), F("/srv/log/api.log.1", 903), F("/srv/spool/q1", 904)])
proc(501, 500, "S (sleeping)", "shipper.service", ["shipper", "child"], [null, F("/srv/log/api.log.1", 903), F("/srv/log/api.log.1", 905), F("/srv/log/now (deleted).txt", 906, False)], [("/srv/spool/index (deleted)", 907)])
proc(502, 500, "Z (zombie)", "shipper.service", [])
proc(530, 1, "S (sleeping)", "shipper-old.service", ["shipper", "--old"], [null, F("/srv/spool/q1", 908)], [("/srv/spool/q1 (deleted)", 908)])
proc(600, 1, "S (sleeping)", "api.service", ["/opt/api/bin/api", "8443"], [null, S(7020), S(7021), S(7022), S(7023), F("/srv/spool/q0", 909)], [("/srv/spool/q1 (deleted)", 904), ("/opt/api/lib.so", 33)])
proc(601, 600, "S (sleeping)", "api.service", ["/opt/api/bin/api", "worker"], [null, S(7021), S(7024), S(7025)])
proc(602, 600, "Z (zombie)", "api.service", []); proc(603, 601, "Z (zombie)", "api.service", [])
proc(700, 1, "S (sleeping)", "metrics.service", ["metrics"], [null, S(7030), S(7026), F("/srv/log/old", 910)])
def hexip(ip): return "".join("%02X" % int(x) for x in reversed(ip.split(".")))
def tcp(n, la, lp, ra, rp, st, ino): return "%4d: %s:%04X %s:%04X %02X %d\n" % (n, la, lp, ra, rp, st, ino)
h = "  sl  local_address rem_address   st inode\n"
any4, lo = hexip("0.0.0.0"), hexip("127.0.0.1"); me, db, db2, peer = hexip("10.0.7.5"), hexip("10.0.7.40"), hexip("10.0.7.41"), hexip("192.168.3.9")
rows = [(any4, 8443, any4, 0, 10, 7001), (lo, 9100, any4, 0, 10, 7030), (me, 8443, peer, 51000, 1, 7010), (me, 8443, peer, 51002, 1, 7011), (any4, 8080, any4, 0, 10, 7020), (me, 40112, db, 5432, 1, 7021), (me, 40113, db, 5432, 1, 7022), (me, 40114, db, 5433, 1, 7023), (me, 40115, db2, 5432, 1, 7024), (me, 40116, db, 5432, 8, 7025), (me, 40117, db, 5432, 1, 7026), (me, 40118, db, 5432, 6, 0), (me, 5432, peer, 8443, 1, 7099)]
open("snap/proc/net/tcp", "w").write(h + "".join(tcp(i, *r) for i, r in enumerate(rows)))
any6 = "0" * 32
open("snap/proc/net/tcp6", "w").write(h.replace("rem", "remote") + tcp(0, any6, 8443, any6, 0, 10, 7002) + tcp(1, "0000000000000000FFFF0000" + me, 40120, "0000000000000000FFFF0000" + db, 5432, 1, 7031))
os.symlink("socket:[7031]", "snap/proc/601/fd/9"); open("snap/proc/601/fdinfo/9", "w").write("pos:\t0\nflags:\t02\nmnt_id:\t9\nino:\t7031\n")
open("snap/sizes.tsv", "w").write("".join("%d\t%d\n" % x for x in ((902, 7340032), (903, 52428800), (904, 1048576), (905, 3145728), (907, 8192), (908, 999424), (909, 4096), (910, 65536))))
EOF
