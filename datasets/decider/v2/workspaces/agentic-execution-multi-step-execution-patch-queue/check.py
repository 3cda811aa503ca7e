from shop import price, text

assert price.total([1, 2]) == 3
assert price.show(1205) == '12.05'
assert text.title(' a b ') in ('a b', 'A B')
assert text.greet('x').rstrip('!').lower() == 'hello x'
assert text.bye('x').lower().startswith('bye x')
assert text.greet('x').isupper() == text.bye('x').isupper()
if hasattr(price, 'gross'):
    assert price.gross(100) == 119
print('ok')
