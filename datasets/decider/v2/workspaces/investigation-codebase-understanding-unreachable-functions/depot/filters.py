def step_trim(rows):
    return [[clean(cell) for cell in row] for row in rows]


def step_unify(rows):
    return sorted(rows, key=code)


def step_dedupe(rows):
    return [list(row) for row in {tuple(r): r for r in rows}]


def step_price(rows, convert=None):
    convert = convert or cents
    return [[*row[:2], convert(row[2])] for row in rows]


def clean(cell):
    return cell.strip()


def code(row):
    return row[0].upper()


def cents(text):
    return int(round(float(text) * 100))


def euro(text):
    return cents(text.replace(",", "."))
