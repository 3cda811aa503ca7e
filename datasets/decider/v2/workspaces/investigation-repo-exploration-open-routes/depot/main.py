from depot.guards import optional, signed_in, staff
from depot.routes import admin, files, hooks, items, reports
from depot.web import Router


def build():
    app = Router(guard=signed_in)
    v1 = Router("/v1", guard=optional(signed_in))
    v1.include(items.router)
    v1.include(files.router, "/media", guard=signed_in)
    v2 = Router("/v2")
    v2.include(items.router)
    v2.include(files.router)
    v2.include(reports.router, guard=staff)
    app.include(v1)
    app.include(v2)
    app.include(hooks.router, guard=None)
    app.include(admin.router, "/admin")

    @app.route("GET", "/health", guard=None)
    def health(request):
        return "ok"

    @app.route("DELETE", "/v2/items/{id}", guard=None)
    def old_delete(request):
        return "gone"

    return app
