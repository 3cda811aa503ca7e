from ignorefile import is_ignored

RULES = ["*.log", "!keep.log", "/build/", "docs/**/draft-?.txt"]
for path in ("a.log", "keep.log", "build/x", "docs/draft-1.txt", "docs/a/b/draft-2.txt"):
    print(path, is_ignored(RULES, path))
