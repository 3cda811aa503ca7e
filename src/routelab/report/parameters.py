"""What each notebook may be told; anything else is an error before a notebook runs."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from routelab.errors import UserError

Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]+$")]


class Parameters(BaseModel):
    """What every notebook takes: `config` is the configuration file; None: where `lab.open` finds it."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    config: Annotated[Path | None, Field(strict=False)] = None


class RunParameters(Parameters):
    """Parameters of a notebook that measures.

    `run_id` None starts a new run; an interrupted run is resumed, a completed one only shown.
    `per_route` takes the first so many cases of each route (None: all), `force` measures again what
    an identical run has measured; both concern new runs only. `publish` makes the result live.
    """

    run_id: Identifier | None = None
    per_route: Annotated[int, Field(ge=1)] | None = None
    force: bool = False
    publish: bool = False


class TableParameters(Parameters):
    """Parameters of the table notebook: `version` None shows the live table."""

    version: Identifier | None = None


_MODELS: dict[str, type[Parameters]] = {
    "10_classifier": RunParameters,
    "20_decider": RunParameters,
    "50_table": TableParameters,
}


def check_parameters(notebook: str, given: Mapping[str, Any]) -> Parameters:
    """The parameters of a notebook, checked.

    Raises UserError for an unknown notebook, an unknown parameter or a value of the wrong type.
    """
    if notebook not in _MODELS:
        raise UserError(f"there is no notebook {notebook}; there are {', '.join(_MODELS)}")
    try:
        return _MODELS[notebook].model_validate(dict(given))
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}" for fault in error.errors()
        )
        raise UserError(f"parameters of notebook {notebook}: {faults}") from error
