"""Half-open integer spans (start, end). A span whose end is not after its start is empty."""


def normalise(spans):
    """Sorted, disjoint list of spans with the same points; empty ones dropped, touching ones joined."""
    result = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def subtract(spans, holes):
    """normalise()d points of `spans` that are in none of `holes`."""
    holes, result = normalise(holes), []
    for start, end in normalise(spans):
        for low, high in holes:
            if high <= start:
                continue
            if low >= end:
                break
            if start < low:
                result.append((start, low))
            start = high
        if start < end:
            result.append((start, end))
    return result


def gaps(spans, start, end):
    """normalise()d points of (start, end) that no span covers."""
    return subtract([(start, end)], spans)


def longest(spans):
    """The longest of the normalise()d spans, the first of equally long ones; None if there is none."""
    return max(normalise(spans), key=lambda span: span[1] - span[0], default=None)
