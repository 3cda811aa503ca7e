"""The engine of a run names its image, and the limits its outcomes depend on; earlier runs did not tell them."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    runs = sa.table("runs", sa.column("id", sa.String), sa.column("snapshot", sa.Text))
    connection = op.get_bind()
    for run in connection.execute(sa.select(runs)).all():
        snapshot = json.loads(run.snapshot)
        engine = snapshot["engine"]
        engine["image"] = engine.pop("image_digest")
        engine |= dict.fromkeys(("memory_mb", "disk_mb", "cpus", "pids", "max_case_cost_usd"))
        connection.execute(sa.update(runs).where(runs.c.id == run.id).values(snapshot=json.dumps(snapshot)))
