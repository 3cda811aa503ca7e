python3 - <<'EOF'
import os
F = {'.style': b'; top\n[*]\ncharset = UTF-8\nEOL = lf\ntrim = true\nfinal = true\n[*.md]\ntrim = false\n[*.{bat,cmd}]\neol = crlf\n[docs/*.txt]\ncharset = latin1\n[/win/**.ini]\ncharset = utf-16le\neol=crlf\n[data?.csv]\neol = unset\n[[!a-]x.log]\ntrim = unset\n',
  'docs/.style': b'# docs\n[*.txt]\nfinal = false\n[deep/**]\ncharset = unset\n',
  'old/.style': b'root = true\n[keep.*]\neol = lf\n[*.cfg]\nfinal = TRUE\n',
  'old/sub/.style': b'[*]\ntrim = true\n',
  'a.txt': b'caf\xe9 \r\nline\t\r\n',
  'b.txt': b'caf\xc3\xa9\nfine\n',
  'bom.txt': b'\xef\xbb\xbfone\ntwo\n',
  'mac.txt': b'one\rtwo \rthree',
  'sep.txt': b'one\xe2\x80\xa8two \x0c\nthree\xc2\x85 \n',
  'latin85.txt': b'dots\x85 \nend\n',
  'readme.md': b'# Title  \nbreak  \n\ttext\t',
  'run.bat': b'echo one\necho two \r\n',
  'RUN.BAT': b'echo one \r\n',
  'pic.dat': b'ab \r\n\x00cd',
  'u16.txt': b'\xff\xfeh\x00\xe4\x00 \x00\r\x00\n\x00\xac ',
  'empty.txt': b'',
  'blank.txt': b' \t',
  'docs/letter.txt': b'Gr\xc3\xbc\xc3\x9fe \n\n\n',
  'docs/price.txt': b'5 \xe2\x82\xac \n',
  'docs/ok.txt': b'gr\xfcn',
  'docs/deep/note.txt': b'\xef\xbb\xbfd\xc3\xa4mm \r\n\r\n',
  'docs/deep/er/x.md': b'\xe9  \n',
  'win/app.ini': b'[a]\nb=1',
  'win/sub/more.ini': b'\xff\xfe[\x00x\x00]\x00\r\x00\n\x00',
  'sub/win/app.ini': b'[a]\r\n',
  'data1.csv': b'a;b \r\nc;d',
  'data10.csv': b'a;b \r\nc;d',
  'bx.log': b'keep  \r\n',
  'ax.log': b'cut  \n',
  '-x.log': b'cut  \n',
  'old/x.txt': b'as it is \r\n',
  'old/keep.txt': b'k \r\nl \r',
  'old/y.cfg': b'a=1\r\nb=2',
  'old/z.cfg': b'a=1',
  'old/sub/t.txt': b't \r\nu\t',
  'old/sub/keep.me': b'v \r\n'}
for p, b in F.items():
    p = "texts/" + p; os.makedirs(os.path.dirname(p), exist_ok=True)
    with open(p, "wb") as f: f.write(b)
    if p != "texts/docs/price.txt": os.chmod(p, 0o640 if p.endswith("a.txt") else 0o644)
os.makedirs("outside"); open("outside/o.txt", "wb").write(b"o \r\n"); os.symlink("../outside/o.txt", "texts/link.txt"); os.symlink("../outside", "texts/folder"); os.link("texts/mac.txt", "texts/docs/deep/mac2.md")
os.unlink("texts/docs/deep/mac2.md"); os.link("texts/b.txt", "texts/sub/b2.txt"); os.link("texts/ax.log", "texts/sub/ax.log")
for root, _, files in os.walk("texts"):
    for f in files: os.utime(os.path.join(root, f), (1930000000, 1930000000), follow_symlinks=False)
EOF
