python3 - <<'EOF'
import os
def put(p, text, t):
    p = "photos/" + p; os.makedirs(os.path.dirname(p), exist_ok=True)
    open(p, "w").write(text); os.utime(p, (t, t))
D = 86400; t = 1924992000   # 2031-01-01T00:00:00Z
put("DSC_0001.JPG", "a", t + 3600); put("DSC_0002.jpg", "b", t + 3600 * 5); put("holiday/IMG 7.jpeg", "c", t + 3600 * 3); put("holiday/beach.jpg", "d", t + D - 1)
put("2031-01-01_02.jpg", "e", t + 3600 * 4); put("2031-01-02_01.jpg", "f", t + D + 9); put("-x.jpg", "g", t + D); put("holiday/IMG 7.xmp", "side c", t + 9 * D); put("DSC_0002.xmp", "side b", t + 5)
put("same-b.jpg", "h", t + 2 * D); put("same-a.jpg", "i", t + 2 * D); put("notes.txt", "n", t); put("clip.mp4", "m", t); put("holiday/beach.jpg.txt", "bt", t); put("lonely.xmp", "l", t); put("star*.JPEG", "s", t + 2 * D + 1); put("holiday/-x.xmp", "no side", t)
os.symlink("DSC_0001.JPG", "photos/best.jpg")
EOF
