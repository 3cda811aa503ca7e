from backoffice.registry import action


@action("report.list", feature="reporting")
def list_(request): ...


@action("report.show", feature="reporting")
def show(request): ...


@action("report.schedule", feature="reporting")
def schedule(request): ...
