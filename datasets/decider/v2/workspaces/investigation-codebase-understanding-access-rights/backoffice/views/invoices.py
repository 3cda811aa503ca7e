from backoffice.registry import action


@action("invoice.list", feature="invoicing")
def list_(request): ...


@action("invoice.show", feature="invoicing")
def show(request): ...


@action("invoice.approve", feature="invoicing")
def approve(request): ...


@action("invoice.delete", feature="invoicing")
def delete(request): ...


@action("invoice.export", feature="export", min_staff_level=2)
def export(request): ...


@action("invoice.remind", feature="invoicing", min_staff_level=2)
def remind(request): ...
