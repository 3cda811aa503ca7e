from depot.guards import staff
from depot.routes import hooks
from depot.web import Router

router = Router(guard=staff)
router.include(hooks.internal, guard=None)


@router.route("POST", "/purge")
def purge(request):
    return "ok"


@router.route("GET", "/ping", guard=None)
def ping(request):
    return "pong"
