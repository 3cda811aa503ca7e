import unittest

from tinytpl import TemplateError, render


class BlocksTest(unittest.TestCase):
    def check(self, text, want, **data):
        self.assertEqual(render(text, data), want, text)

    def fails(self, text, want, **data):
        with self.assertRaises(TemplateError) as caught:
            render(text, data)
        self.assertEqual(str(caught.exception), want, text)

    def test_values_as_before(self):
        self.check("a {{ x.0.y }}{{z}}", "a 12", x=[{"y": 1}], z=2)
        self.fails("\n\n {{ no }}", "line 3: no value for 'no'")
        self.check("{{ 1 }} {{}} { { x }}", "{{ 1 }} {{}} { { x }}", x=1)

    def test_if(self):
        text = "{% if a %}A{% elif not b %}B{% elif c.d %}C{% else %}D{% end %}"
        self.check(text, "A", a=1)
        self.check(text, "B", a=[])
        self.check(text, "C", b=1, c={"d": "x"})
        self.check(text, "D", b=1, c={})
        self.check("{%if not a%}x{%end%}{%if\ta%}y{%  end\t%}", "x", a="")

    def test_for(self):
        text = "{% for x in xs %}{{ loop.index }}{{ x }}{% if not loop.last %},{% end %}{% else %}none{% end %}"
        self.check(text, "1a,2b,3c", xs=["a", "b", "c"])
        self.check(text, "none", xs=[])
        self.check("{% for x in a.0 %}{{ x.n }}{% end %}", "12", a=[[{"n": 1}, {"n": 2}]])

    def test_scopes(self):
        text = "{% for r in rows %}{% for r in r %}{{ loop.index }}{{ r }}{% end %}/{{ loop.index }}{{ r.0 }} {% end %}{{ r }}{{ loop }}"
        self.check(text, "1a2b/1a 1c/2c RL", rows=[["a", "b"], ["c"]], r="R", loop="L")
        self.fails("{% for x in xs %}{% end %}\n{{ x }}", "line 2: no value for 'x'", xs=[1])
        self.fails("{% for x in xs %}\n{% for y in x %}\n{% else %}\n{{ y }}\n{% end %}{% end %}", "line 4: no value for 'y'", xs=[[]])
        self.check("{% for x in xs %}{% for y in e %}{% else %}{{ loop.index }}{{ x }}{% end %}{% end %}", "1a2b", xs=["a", "b"], e=[])

    def test_missing(self):
        self.check("{% if no.such %}x{% else %}y{% end %}", "y")
        self.check("{% if no %}{{ no.such }}{% for a in no %}{% end %}{% end %}ok", "ok")
        self.fails("\n{% for a in no.such %}{% end %}", "line 2: no value for 'no.such'")
        for bad in ("abc", {"a": 1}, 3, None):
            self.fails("a\nb{% for a in v %}{% end %}", "line 2: 'v' is not a list", v=bad)

    def test_own_lines(self):
        self.check("a\n  {% if t %} \t\nb\n{% end %}\nc\n", "a\nb\nc\n", t=1)
        self.check("{% for x in xs %}\n- {{ x }}\n{% end %}", "- 1\n- 2\n", xs=[1, 2])
        self.check("a\n{% if t %}x{% end %}\nb", "a\nx\nb", t=1)
        self.check("a\n {% if t %} {% end %} \nb", "a\n   \nb", t=1)
        self.check("  {% if t %}{{ t }}\n  {% end %}", "  1\n", t=1)
        self.check("x {% if t %}\n\n y {% end %} \nz", "x \n\n y  \nz", t=1)
        self.check("{% if t %}\n\n{% end %}\n", "\n", t=1)
        self.check("{{ t }}\n{% if t %}\n{{ t }}{% end %}\n", "1\n1\n", t=1)

    def test_lines_of_errors(self):
        self.fails("{% if t %}\n{% for x in xs %}\n\n{{ x }}{{ y }}\n{% end %}\n{% end %}", "line 4: no value for 'y'", t=1, xs=[1, 2])
        self.fails("{{ s }}\n{{ y }}", "line 2: no value for 'y'", s="a\nb\nc")
        self.fails("{% if t %}\n{% end %}\n{% for x in t %}{% end %}", "line 3: 't' is not a list", t=1)

    def test_mistakes(self):
        self.fails("\n{% end %}", "line 2: unexpected 'end'")
        self.fails("{% else %}", "line 1: unexpected 'else'")
        self.fails("a\nb {% elif x %}", "line 2: unexpected 'elif'")
        self.fails("{% for x in xs %}\n{% elif a %}{% end %}", "line 2: unexpected 'elif'", xs=[])
        self.fails("{% if a %}{% else %}\n{% else %}{% end %}", "line 2: unexpected 'else'")
        self.fails("{% if a %}{% else %}\n\n{% elif a %}{% end %}", "line 3: unexpected 'elif'")
        self.fails("{% for a in b %}{% else %}{% else %}{% end %}", "line 1: unexpected 'else'")
        self.fails("{% if a %}\n{% for x in a %}\n{% if b %}{% end %}", "line 2: 'for' is never closed")
        self.fails("{% if a %}\n{% for x in a %}{% end %}", "line 1: 'if' is never closed")
        for bad in ("", "fi x", "if", "if a b", "for x y", "for 1 in a", "for a.b in c", "else x", "end if", "if  a-b", "notif a", "{{ x }}"):
            self.fails("\n x {%  " + bad + " %}", f"line 2: bad tag '{bad}'", x=1)

    def test_mistakes_are_found_first(self):
        self.fails("{{ no }}\n{% if no %}\n{% huh %}\n{% end %}{% end %}", "line 3: bad tag 'huh'")
        self.fails("{{ no }}{% for x in no %}", "line 1: 'for' is never closed")
        self.fails("{% end %}\n{% huh %}", "line 1: unexpected 'end'")
        self.fails("{% if a %}\n{% huh %}", "line 2: bad tag 'huh'")

    def test_text_that_looks_like_tags(self):
        self.check("{% if t\n %}", "{% if t\n %}", t=1)
        self.check("{{ v }}{% if v %}{{ v }}{% end %}", "{% end %}{{ t }}{% end %}{{ t }}", v="{% end %}{{ t }}", t=1)
        self.check("100 %} {%", "100 %} {%")


if __name__ == "__main__":
    unittest.main()
