from depot.guards import optional, signed_in
from depot.web import Router

router = Router("/reports")
drafts = Router("/drafts", guard=optional(signed_in))


@router.route("GET", "/{id}")
def report(request):
    return {}


@drafts.route("POST", "")
def draft(request):
    return {}


router.include(drafts)
