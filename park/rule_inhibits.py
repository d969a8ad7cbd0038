"""Which rules hold back which: only what is graver holds back, and nobody is held back by one it holds back."""

from collections.abc import Mapping

from park.registry_notes import Notes, near, show
from park.rule import Rule


def check_inhibits(
    notes: Notes, rules: Mapping[str, Rule | None], paths: Mapping[str, str], known: Mapping[str, Rule]
) -> None:
    """Find rules that hold back nobody there is, somebody graver, or one another; else an alert might never be told.

    A rule that has mistakes of its own is None: it is there, and no more is known of it.
    """
    whole = {**known, **rules}
    for name, rule in rules.items():
        for place, other in enumerate(rule.inhibits if rule is not None else ()):
            path = f"{paths[name]}.inhibits[{place}]"
            held = whole.get(other)
            if other not in whole:
                zh, en = near(other, whole)
                notes.add(path, f"没有规则 {show(other)}; {zh}", f"There is no rule {show(other)}; {en}")
            elif name in _reached(other, whole):
                notes.add(
                    path,
                    f"{name} 与 {other} 互相抑制, 可能都不再通知; 请去掉一方。",
                    f"{name} and {other} hold back one another, and neither might be told; take one of the two away.",
                )
            elif held is not None and rule is not None and held.severity > rule.severity:
                notes.add(
                    path,
                    f"{other} 比 {name} 更严重, 不能被它抑制。",
                    f"{other} is graver than {name}, which cannot hold it back.",
                )


def _reached(start: str, rules: Mapping[str, Rule | None]) -> set[str]:
    """Give every rule that one holds back, itself or through others, and itself."""
    found, ahead = set[str](), [start]
    while ahead:
        name = ahead.pop()
        if name not in found:
            found.add(name)
            rule = rules.get(name)
            ahead += rule.inhibits if rule is not None else ()
    return found
