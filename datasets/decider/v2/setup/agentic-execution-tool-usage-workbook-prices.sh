python3 - <<'EOF'
import zipfile
NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
strings = ["Article", "Net", "on request", "A-100", "A-200", "Lamp &amp; shade", "B-7", "Total", "Old prices", "C-9", "A-100 ", "Note", "12.50", "D-1"]
sst = HEAD + '<sst %s count="30" uniqueCount="%d">' % (NS, len(strings)) + "".join('<si><t xml:space="preserve">%s</t></si>' % s for s in strings) + "</sst>"
S = lambda r, n, st="": '<c r="%s"%s t="s"><v>%d</v></c>' % (r, st, n)
N = lambda r, v, st="": '<c r="%s"%s><v>%s</v></c>' % (r, st, v)
F = lambda r, f, v, st="": '<c r="%s"%s><f>%s</f><v>%s</v></c>' % (r, st, f, v)
sheet = lambda rows: HEAD + "<worksheet %s><sheetData>" % NS + "".join('<row r="%d"%s>%s</row>' % (n, extra, cells) for n, extra, cells in rows) + "</sheetData></worksheet>"
P = ' s="4"'
prices = sheet([(1, "", S("A1", 0) + S("B1", 11) + S("C1", 1)), (2, "", S("A2", 3) + S("B2", 5) + N("C2", "19.5", P)), (3, "", S("A3", 4) + N("C3", "30", P)),
  (4, ' hidden="1"', S("A4", 6) + S("C4", 2, P)), (5, "", '<c r="A5" t="inlineStr"><is><t>C-8</t></is></c>' + N("C5", "7.25", P)), (6, "", S("A6", 9) + F("C6", "C5*2", "14.5", P)),
  (8, "", N("A8", "4711") + N("C8", "1", P)), (9, "", S("A9", 13) + '<c r="C9" s="4"/>'), (10, "", S("A10", 7) + F("C10", "SUM(C2:C9)", "72.25", ' s="5"'))])
old = sheet([(1, "", S("A1", 8)), (2, "", S("A2", 3) + N("C2", "18", P)), (3, "", S("A3", 4) + N("C3", "28", P))])
summary = sheet([(1, "", S("A1", 7) + F("B1", "Prices!C10", "72.25")), (2, "", S("A2", 11) + F("B2", "2+3", "5"))])
files = [
 ("[Content_Types].xml", HEAD + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>'),
 ("_rels/.rels", HEAD + '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>'),
 ("xl/workbook.xml", HEAD + '<workbook %s xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Old" sheetId="1" r:id="rId3"/><sheet name="Prices" sheetId="3" r:id="rId1"/><sheet name="Summary" sheetId="2" r:id="rId2"/></sheets></workbook>' % NS),
 ("xl/_rels/workbook.xml.rels", HEAD + '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">' + "".join('<Relationship Id="rId%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" Target="%s"/>' % x for x in ((1, "worksheet", "worksheets/sheet2.xml"), (2, "worksheet", "worksheets/sheet3.xml"), (3, "worksheet", "worksheets/sheet1.xml"), (4, "sharedStrings", "sharedStrings.xml"))) + "</Relationships>"),
 ("xl/sharedStrings.xml", sst), ("xl/worksheets/sheet1.xml", old), ("xl/worksheets/sheet2.xml", prices), ("xl/worksheets/sheet3.xml", summary), ("docProps/app.xml", HEAD + "<Properties/>")]
with zipfile.ZipFile("prices.xlsx", "w", zipfile.ZIP_DEFLATED) as z:
    for name, text in files:
        z.writestr(zipfile.ZipInfo(name, (2031, 1, 2, 3, 4, 6)), text, zipfile.ZIP_DEFLATED)
EOF
