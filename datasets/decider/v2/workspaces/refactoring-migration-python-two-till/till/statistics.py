"""Small statistics of a list of numbers."""


def mean(numbers):
    return sum(numbers) / len(numbers)


def middle(numbers):
    """The number in the middle, the lower one of two."""
    return sorted(numbers)[(len(numbers) - 1) / 2]


def spread(numbers):
    """Half the way from the lowest to the highest."""
    return (max(numbers) - min(numbers)) / 2
