from backoffice.registry import action


@action("customer.list", feature="crm")
def list_(request): ...


@action("customer.show", feature="crm")
def show(request): ...


@action("customer.merge", feature="crm", min_staff_level=3)
def merge(request): ...


@action("customer.history", feature="audit")
def history(request): ...
