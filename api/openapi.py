"""The description of the interface that programs read: complete, and the same for everybody."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from api.mistake import Mistake
from api.problem import ProblemBody

PATH = "/api/v1/openapi.json"
TITLE = "智慧园区监测平台 · Smart park monitoring"
DESCRIPTION = """\
Readings, registry and quarantine of an industrial park.

* **Who asks**: `X-API-Key: …` (or `Authorization: Bearer …`) for programs, a session cookie for people. Roles: viewer,
  safety, operator, admin, and enterprise users, to whom the others do not exist.
* **Times** are RFC 3339 with an offset, or integer milliseconds; answers carry the site's offset. A `+` in a query is
  written `%2B`.
* **Lists** are `{"items": […], "next": cursor}`; hand `next` back as `cursor`.
* **Errors** are `application/problem+json` (RFC 9457) in Chinese, or English with `Accept-Language: en`; `mistakes`
  names every mistake with its place.
* **Writes** are in the audit. With a session they need the header `X-Requested-With`, or to come from our own pages.
"""
TAGS = [
    {"name": "health", "description": "Does it live, can it work, what does it count."},
    {"name": "session", "description": "Signing in and out; who am I."},
    {"name": "registry", "description": "Parks, enterprises and meters."},
    {"name": "readings", "description": "What was measured: history, windows, the newest, and live."},
    {"name": "accounts", "description": "What each meter published, what came of it, and what is missing."},
    {"name": "quarantine", "description": "What was not let in, why, and trying it again."},
    {"name": "ledger", "description": "Consumption by stretches of time, epochs of registers, the review queue."},
    {"name": "factors", "description": "What a unit is worth in standard coal and CO2, and what a park decided."},
    {"name": "statements", "description": "What enterprises report and enter: economic figures, fuels, green power."},
    {"name": "figures", "description": "Energy, carbon and value: figures, what they were made of, closed terms."},
    {"name": "evaluation", "description": "Schemes, evaluations, what if, the annual plan, projects before entry."},
    {"name": "alerts", "description": "What burns, what came before it, what people did about it, handing over."},
    {"name": "rules", "description": "Alert rules: what is watched, its limits, and trying a rule before it counts."},
    {"name": "receivers", "description": "Who is told, who is on duty, where work goes on."},
    {"name": "users", "description": "People who may sign in."},
    {"name": "keys", "description": "Keys for programs."},
    {"name": "audit", "description": "What was done, by whom."},
    {"name": "grafana", "description": "An enterprise's series for a data source of Grafana; what Grafana says of us."},
]


def install(app: FastAPI, *documents: type[BaseModel]) -> None:
    """Describe the app with our problems in place of FastAPI's own; `documents` are bodies checked by hand."""

    def describe() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = get_openapi(
                title=TITLE, version=app.version, description=DESCRIPTION, routes=app.routes, tags=TAGS
            )
            schemas = schema["components"]["schemas"]
            models: list[type[BaseModel]] = [Mistake, ProblemBody, *documents]
            for model in models:
                written = model.model_json_schema(ref_template="#/components/schemas/{model}")
                schemas.update(written.pop("$defs", {}))
                schemas[model.__name__] = written
            for name in ("HTTPValidationError", "ValidationError"):
                schemas.pop(name, None)
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = describe  # type: ignore[method-assign]  # FastAPI's documented way
