"""Remembering results of slow functions and methods."""
import functools


def memoize(function):
    """Call the function once for the same arguments, and remember the result.

    - Arguments are the same however they are passed: by position, by keyword or left to a default.
    - They are the same only if they are equal and of the same type: 1, 1.0 and True are three different arguments.
      (That holds for the arguments themselves, not for what is inside tuples.) All arguments but `self` are hashable.
    - Any result is remembered, also None. An exception is not: the next call tries again.
    - On a method, each object has results of its own, even if objects compare equal or cannot be hashed,
      and remembering does not keep an object alive. Nothing is written to the object that `==`, `vars` or a pickle would show.
    - `forget()` on the decorated function (for methods: on the class, as in `Report.total.forget()`) forgets all results.
    """
    results = {}

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        key = args + tuple(sorted(kwargs.items()))
        if results.get(key) is None:
            results[key] = function(*args, **kwargs)
        return results[key]

    wrapper.forget = results.clear
    return wrapper
