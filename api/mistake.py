"""One mistake in a request: where it is, and a sentence that says how to mend it."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field


class Mistake(BaseModel):
    """One mistake and its place."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"path": "query.start", "sentence": "缺少这一项。"}]})

    path: str = Field(description="Where it is: query.start, body.metrics[2] …")
    sentence: str = Field(description="What is wrong there and how to mend it.")


# pydantic's error type → how to say it; `{…}` come from the error's context.
SENTENCES: dict[str, tuple[str, str]] = {
    "missing": ("缺少这一项。", "This is missing."),
    "extra_forbidden": ("没有这一项; 请核对拼写。", "There is no such field; check its spelling."),
    "json_invalid": ("不是有效的 JSON。", "This is not valid JSON."),
    "string_type": ("应为文字。", "This must be text."),
    "string_too_short": ("至少 {min_length} 个字符。", "At least {min_length} characters."),
    "string_too_long": ("至多 {max_length} 个字符。", "At most {max_length} characters."),
    "string_pattern_mismatch": ("不符合格式 {pattern}。", "This does not match {pattern}."),
    "int_parsing": ("应为整数。", "This must be a whole number."),
    "int_type": ("应为整数。", "This must be a whole number."),
    "int_from_float": ("应为整数。", "This must be a whole number."),
    "float_parsing": ("应为数字。", "This must be a number."),
    "float_type": ("应为数字。", "This must be a number."),
    "finite_number": ("应为有限数值。", "This must be a finite number."),
    "bool_parsing": ("应为 true 或 false。", "This must be true or false."),
    "bool_type": ("应为 true 或 false。", "This must be true or false."),
    "greater_than": ("必须大于 {gt}。", "This must be greater than {gt}."),
    "greater_than_equal": ("不得小于 {ge}。", "This must be at least {ge}."),
    "less_than": ("必须小于 {lt}。", "This must be less than {lt}."),
    "less_than_equal": ("不得大于 {le}。", "This must be at most {le}."),
    "enum": ("只能是 {expected} 之一。", "This must be one of {expected}."),
    "literal_error": ("只能是 {expected} 之一。", "This must be one of {expected}."),
    "list_type": ("应为数组。", "This must be a list."),
    "dict_type": ("应为对象。", "This must be an object."),
    "model_attributes_type": ("应为 JSON 对象 (Content-Type: application/json)。",
                              "This must be a JSON object (Content-Type: application/json)."),
    "model_type": ("应为对象。", "This must be an object."),
    "too_short": ("至少 {min_length} 项。", "At least {min_length} items."),
    "too_long": ("至多 {max_length} 项。", "At most {max_length} items."),
    "instant": ("{value} 不是带时区的 RFC 3339 时间 (如 2026-11-23T08:00:00+08:00) 或毫秒整数; 查询串中 + 要写作 %2B。",
                "{value} is neither RFC 3339 with an offset nor integer milliseconds; in a query + is written %2B."),
    "replay_all": ("请给出 reason、meter 或 ids; 如确要全部重试, 请写 everything: true。",
                   "Say reason, meter or ids; to try all that is held say everything: true."),
    "term": ("{value} 不是期别; 写法如 2026-10、2026-Q3、2026、2026-10/ytd、2026-10/r12。",
             "{value} is no reporting term; write 2026-10, 2026-Q3, 2026, 2026-10/ytd or 2026-10/r12."),
    "every": ("{value} 不是时长; 写法如 15m、1h、1d。", "{value} is no duration; write 15m, 1h or 1d."),
}  # fmt: skip


def of_validation(detail: Mapping[str, object], language: str) -> Mistake:
    """Say a pydantic error; of a kind we have no words for, pydantic's own words are given."""
    place = detail.get("loc", ())
    path = _path(place if isinstance(place, tuple) else (str(place),))
    context = detail.get("ctx") or {}
    words = SENTENCES.get(str(detail["type"]))
    if words is None or not isinstance(context, Mapping):
        return Mistake(path=path, sentence=str(detail["msg"]))
    try:
        return Mistake(path=path, sentence=words[language != "zh"].format(**context))
    except KeyError:
        return Mistake(path=path, sentence=str(detail["msg"]))


def _path(place: tuple[object, ...]) -> str:
    """Write a place as people write it: body.metrics[2]."""
    path = ""
    for part in place:
        path += f"[{part}]" if isinstance(part, int) else f".{part}"
    return path.removeprefix(".")
