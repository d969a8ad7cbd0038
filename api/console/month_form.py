"""What the forms that ask for a month are made of."""

from collections.abc import Mapping

from api.console.parts import tag, text
from park import term
from park.term import Span, Term


def select(name: str, label: str, options: Mapping[str, str], value: str) -> None:
    """Put a choice here; what a person picked stays while the page moves."""
    with tag("label", "field"):
        text("span", label)
        with tag("select", name_=name):
            for key, words in options.items():
                option = text("option", words, value=key)
                if key == value:
                    option.props["^selected"] = True


def month_of(words: str) -> Term | None:
    """Read a month as an address has it; None for anything else."""
    try:
        found = term.read(words)
    except ValueError:
        return None
    return found if found.span is Span.MONTH else None
