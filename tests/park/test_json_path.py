"""Ways through a JSON document: every place has one, and none leads astray."""

from hypothesis import given
from hypothesis import strategies as st

from park.decode.json_path import MISSING, find, steps


@given(st.recursive(st.integers(), lambda inner: st.dictionaries(st.text(min_size=1, max_size=3), inner, max_size=3)))
def test_every_leaf_of_a_document_has_a_path(document: object) -> None:
    def leaves(node: object, way: tuple[str, ...]) -> list[tuple[tuple[str, ...], object]]:
        if isinstance(node, dict):
            return [leaf for key, value in node.items() for leaf in leaves(value, (*way, key))]
        return [(way, node)] if way else []

    for way, value in leaves(document, ()):
        path = ".".join(key.replace("\\", "\\\\").replace(".", "\\.") for key in way)
        if way[:-1].count("+") == 0 and "\n" not in path:
            assert find(document, steps(path)) == value


@given(st.text(max_size=12), st.recursive(st.none() | st.integers() | st.text(max_size=2), st.lists, max_leaves=4))
def test_any_path_in_any_document_leads_somewhere_or_nowhere(path: str, document: object) -> None:
    try:
        way = steps(path)
    except ValueError:
        return
    assert find(document, way) is MISSING or path
