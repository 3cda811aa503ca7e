"""The answer of last resort: keywords, no model."""

import re

from routelab.records import Classification, NormalisedRequest
from routelab.taxonomy import Taxonomy

_MAX_CONFIDENCE = 0.3
"""A keyword count is never a reason to be sure."""


def heuristic(request: NormalisedRequest, taxonomy: Taxonomy) -> Classification:
    """A valid classification from the taxonomy's keywords, marked as a fallback.

    The subtask type most of whose keywords occur wins, ties in the taxonomy's order; without
    any, and for the other axes, the taxonomy's own fallback values hold. `requires_tools` is true
    when the request offers tools and the fallback does not already say so.
    """
    text = " ".join(part for part in (request.user_prompt_prefix, request.latest_user_prompt_prefix) if part).casefold()
    best, best_hits = None, 0
    for task in taxonomy.task_types:
        for sub in task.subtask_types:
            hits = sum(_occurs(keyword.casefold(), text) for keyword in sub.keywords)
            if hits > best_hits:
                best, best_hits = (task.id, sub.id), hits
    fields = dict(taxonomy.fallback)
    if best is not None:
        fields["task_type"], fields["subtask_type"] = best
    fields["requires_tools"] = bool(fields["requires_tools"] or request.has_tools)
    confidence = _MAX_CONFIDENCE * best_hits / (best_hits + 2)
    return Classification(**fields, confidence=confidence, fallback=True)


def _occurs(keyword: str, text: str) -> bool:
    return keyword in text and re.search(rf"(?<!\w){re.escape(keyword)}(?!\w)", text) is not None
