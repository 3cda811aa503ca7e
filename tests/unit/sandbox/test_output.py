from hypothesis import given
from hypothesis import strategies as st

from routelab.sandbox.output import BoundedOutput

CHUNKS = st.lists(st.integers(0, 70_000), max_size=8)


@given(CHUNKS)
def test_the_beginning_and_the_end_are_kept_and_the_rest_is_counted(sizes: list[int]) -> None:
    whole = b"".join(bytes([97 + number]) * size for number, size in enumerate(sizes))
    output, start = BoundedOutput(), 0
    for size in sizes:
        output.add(whole[start : start + size])
        start += size
    text = output.text()
    if len(whole) <= 65_536:
        assert text == whole.decode()
    else:
        cut = f"\n… {len(whole) - 65_536} bytes cut out …\n"
        assert text == whole[:32_768].decode() + cut + whole[-32_768:].decode()
