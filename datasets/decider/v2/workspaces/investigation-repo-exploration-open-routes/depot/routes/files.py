from depot.web import Router

router = Router("/files")
shared = Router("/shared", guard=None)


@router.route("PUT", "/{name}")
def upload(request):
    return "stored"


@shared.route("GET", "/{token}")
def download(request):
    return b""


@shared.route("POST", "/{token}/comments")
def comment(request):
    return "noted"


router.include(shared)
