import base64

from desk import mask, sinks


def count(path, status):
    sinks.add("metrics.txt", f'requests{{path="{path}",status="{status}"}} 1')


def slow(request):
    label = base64.b64encode("&".join(request.query.values()).encode()).decode()
    who = mask.digest("".join(request.body.values()))
    sinks.add("metrics.txt", f'slow{{path="{request.path}",query="{label}",body="{who}"}} 1')
