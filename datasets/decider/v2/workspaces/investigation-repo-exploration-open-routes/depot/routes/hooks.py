from depot.guards import signed_in
from depot.web import Router

router = Router("/hooks")
internal = Router("/internal", guard=signed_in)


@router.route("POST", "/carrier")
def carrier(request):
    return "ok"


@router.route("POST", "/replay", guard=signed_in)
def replay(request):
    return "ok"


@internal.route("POST", "/flush")
def flush(request):
    return "ok"
