import os
import unittest

FILES = {'.style': b'; top\n[*]\ncharset = UTF-8\nEOL = lf\ntrim = true\nfinal = true\n[*.md]\ntrim = false\n[*.{bat,cmd}]\neol = crlf\n[docs/*.txt]\ncharset = latin1\n[/win/**.ini]\ncharset = utf-16le\neol=crlf\n[data?.csv]\neol = unset\n[[!a-]x.log]\ntrim = unset\n',
    'docs/.style': b'# docs\n[*.txt]\nfinal = false\n[deep/**]\ncharset = unset\n',
    'old/.style': b'root = true\n[keep.*]\neol = lf\n[*.cfg]\nfinal = TRUE\n',
    'old/sub/.style': b'[*]\ntrim = true\n',
    'a.txt': b'caf\xc3\xa9\nline\n',
    'b.txt': b'caf\xc3\xa9\nfine\n',
    'bom.txt': b'one\ntwo\n',
    'mac.txt': b'one\ntwo\nthree\n',
    'sep.txt': b'one\xe2\x80\xa8two \x0c\nthree\xc2\x85\n',
    'latin85.txt': b'dots\xc2\x85\nend\n',
    'readme.md': b'# Title  \nbreak  \n\ttext\t\n',
    'run.bat': b'echo one\r\necho two\r\n',
    'RUN.BAT': b'echo one\n',
    'pic.dat': b'ab \r\n\x00cd',
    'u16.txt': b'h\xc3\xa4\n\xe2\x82\xac\n',
    'empty.txt': b'',
    'blank.txt': b'',
    'docs/letter.txt': b'Gr\xfc\xdfe',
    'docs/price.txt': b'5 \xe2\x82\xac \n',
    'docs/ok.txt': b'gr\xfcn',
    'docs/deep/note.txt': b'\xef\xbb\xbfd\xc3\xa4mm',
    'docs/deep/er/x.md': b'\xe9  \n',
    'win/app.ini': b'\xff\xfe[\x00a\x00]\x00\r\x00\n\x00b\x00=\x001\x00\r\x00\n\x00',
    'win/sub/more.ini': b'\xff\xfe[\x00x\x00]\x00\r\x00\n\x00',
    'sub/win/app.ini': b'[a]\n',
    'data1.csv': b'a;b\r\nc;d\r\n',
    'data10.csv': b'a;b\nc;d\n',
    'bx.log': b'keep  \n',
    'ax.log': b'cut\n',
    '-x.log': b'cut\n',
    'old/x.txt': b'as it is \r\n',
    'old/keep.txt': b'k \nl \n',
    'old/y.cfg': b'a=1\r\nb=2\r\n',
    'old/z.cfg': b'a=1\n',
    'old/sub/t.txt': b't\r\nu',
    'old/sub/keep.me': b'v\n',
    'sub/b2.txt': b'caf\xc3\xa9\nfine\n',
    'sub/ax.log': b'cut\n'}
CHANGED = ['-x.log', 'RUN.BAT', 'a.txt', 'ax.log', 'blank.txt', 'bom.txt', 'bx.log', 'data1.csv', 'data10.csv', 'docs/deep/note.txt', 'docs/letter.txt', 'latin85.txt', 'mac.txt', 'old/keep.txt', 'old/sub/keep.me', 'old/sub/t.txt', 'old/y.cfg', 'old/z.cfg', 'readme.md', 'run.bat', 'sep.txt', 'sub/ax.log', 'sub/win/app.ini', 'u16.txt', 'win/app.ini']


class TextsTest(unittest.TestCase):
    maxDiff = None

    def test_contents(self):
        found = {}
        for root, _, files in os.walk("texts"):
            for name in files:
                path = os.path.join(root, name)
                if not os.path.islink(path):
                    with open(path, "rb") as f:
                        found[os.path.relpath(path, "texts")] = f.read()
        self.assertEqual(sorted(found), sorted(FILES))
        for name in FILES:
            self.assertEqual(found[name], FILES[name], name)

    def test_reports(self):
        with open("changed.txt") as f:
            self.assertEqual(f.read().splitlines(), CHANGED)
        with open("problems.txt") as f:
            self.assertEqual(f.read(), "docs/price.txt\n")

    def test_rest(self):
        for name in FILES:
            if name not in CHANGED:
                self.assertEqual(int(os.stat("texts/" + name).st_mtime), 1930000000, name)
        self.assertEqual([os.readlink("texts/" + n) for n in ("link.txt", "folder")], ["../outside/o.txt", "../outside"])
        with open("outside/o.txt", "rb") as f:
            self.assertEqual(f.read(), b"o \r\n")
        self.assertTrue(os.path.samefile("texts/ax.log", "texts/sub/ax.log"))
        self.assertTrue(os.path.samefile("texts/b.txt", "texts/sub/b2.txt"))
        self.assertEqual(os.stat("texts/a.txt").st_mode & 0o777, 0o640)
