"""The garbage collector of a process that only serves."""

import gc

_NEW_OBJECTS = 20_000


def spare_requests() -> None:
    """Keep the collector from walking what lives as long as the process, and let it look less often.

    Requests leave no cycles behind. By default each twentieth or so pays for a look, and one in
    many thousands for a walk through all modules, which takes 70 ms.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS)
