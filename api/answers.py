"""How the problems of a route are described in OpenAPI."""

from typing import Any

from api.problem import MEDIA_TYPE, body

# status → the row of words whose example stands for it
EXAMPLES: dict[int, tuple[str, dict[str, Any]]] = {
    401: ("no_principal", {}),
    403: ("no_right", {"access": "viewer", "right": "keep_registry"}),
    404: ("no_such", {"what": "meter", "id": "e99-main"}),
    409: ("conflict", {"refused": "企业 e01 下还有 6 项 (e01-main, …), 不能删除; 请先删除或移走它们。"}),
    413: ("too_large", {"limit": 4_194_304}),
    422: ("mistakes", {"count": 2}),
    429: ("locked", {"minutes": 15}),
    503: ("telemetry_unavailable", {}),
}
DESCRIPTIONS = {
    401: "No principal, or one that is not valid.",
    403: "The principal's role does not allow it.",
    404: "There is no such thing, or it is another enterprise's.",
    409: "It does not fit what is there already.",
    413: "The request is too large.",
    422: "The request has mistakes; each is named with its place.",
    429: "Too many attempts; `Retry-After` says when to come again.",
    503: "A part this needs is not available now.",
}


def answers(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describe the problems a route may answer with."""
    described: dict[int | str, dict[str, Any]] = {}
    for status in statuses:
        key, parts = EXAMPLES[status]
        example = body(key, "/api/v1/…", "zh", **parts)
        if status == 422:  # noqa: PLR2004  # the status whose problems list mistakes
            example["mistakes"] = [
                {"path": "query.start", "sentence": "缺少这一项。"},
                {"path": "body.metrics[1]", "sentence": "没有指标 xyz; 请改用指标表中的名称。"},
            ]
        described[status] = {
            "description": DESCRIPTIONS[status],
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemBody"}, "example": example}},
        }
    return described
