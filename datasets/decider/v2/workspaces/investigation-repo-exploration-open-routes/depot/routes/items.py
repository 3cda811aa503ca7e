from depot.guards import staff
from depot.web import Router

router = Router("/items")


@router.route("GET", "")
def listing(request):
    return []


@router.route("POST", "")
def create(request):
    return "created"


@router.route("DELETE", "/{id}", guard=staff)
def delete(request):
    return "deleted"


@router.route("GET", "/feed", guard=None)
def feed(request):
    return []
