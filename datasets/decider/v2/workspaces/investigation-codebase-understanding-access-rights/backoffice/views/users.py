from backoffice.registry import action


@action("user.list")
def list_(request): ...


@action("user.invite")
def invite(request): ...


@action("user.delete")
def delete(request): ...


@action("user.list.archived", min_staff_level=2)
def archived(request): ...
