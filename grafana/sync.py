"""Boards, annotations and organisations put on a Grafana; done twice, the second time changes nothing.

Whose a board's newest version is stands in the message of that version: ours bears a mark of all that is in it.  So
neither what Grafana rewrites in a board when it keeps it, nor what a person changed in it, is taken for what it is not.
"""

from collections.abc import Iterable, Iterator

from grafana.client import Grafana, Json
from grafana.placed import Board, mark
from grafana.step import State, Step
from grafana.trouble import Cause, Changed, GrafanaTrouble

FOLDER = "smartpark"
TITLE = "智慧园区 / Smart Park"


def folder(grafana: Grafana, *, dry: bool, org: int | None = None) -> Iterator[Step]:
    """See that the folder is there."""
    if grafana.folder(FOLDER, org) is not None:
        yield Step("folder", FOLDER, State.UNCHANGED)
        return
    if not dry:
        grafana.make_folder(FOLDER, TITLE, org)
    yield Step("folder", FOLDER, State.MADE)


def boards(
    grafana: Grafana, wanted: Iterable[Board], *, dry: bool, overwrite: bool = False, org: int | None = None
) -> Iterator[Step]:
    """Put boards into the folder; one that a person changed is left as it is, unless we may overwrite."""
    for board in wanted:
        uid = str(board["uid"])
        there = grafana.board(uid, org)
        try:
            yield _board(grafana, board, there, dry=dry, overwrite=overwrite, org=org)
        except Changed as changed:
            yield Step("board", uid, State.REFUSED, changed.sentence("zh"), changed.sentence("en"))


def _board(grafana: Grafana, board: Board, there: Json | None, *, dry: bool, overwrite: bool, org: int | None) -> Step:
    uid, ours = str(board["uid"]), mark(board)
    if there is None:
        _put(grafana, {**board, "id": None}, ours, dry=dry, org=org)
        return Step("board", uid, State.MADE)
    newest = grafana.newest(uid, org)
    said, meta = str(newest.get("message") or ""), there.get("meta", {})
    if said == ours and meta.get("folderUid", FOLDER) == FOLDER:
        return Step("board", uid, State.UNCHANGED)
    if not (overwrite or meta.get("provisioned") or said.startswith("smartpark ")):
        whom = str(newest.get("createdBy") or "?")
        return Step(
            "board", uid, State.REFUSED,
            f"{whom} 在 Grafana 中改过; 请另存为新看板后以 --overwrite 恢复我们的",
            f"{whom} changed it in Grafana; save that as a board of its own, then put ours back with --overwrite",
        )  # fmt: skip
    dashboard = there.get("dashboard", {})
    _put(grafana, {**board, "id": dashboard.get("id"), "version": dashboard.get("version")}, ours, dry=dry, org=org)
    return Step("board", uid, State.CHANGED)


def _put(grafana: Grafana, board: Board, message: str, *, dry: bool, org: int | None) -> None:
    if dry:
        return
    try:
        grafana.put_board(board, FOLDER, message, org)
    except Changed:
        raise
    except GrafanaTrouble as trouble:
        if "folder" not in trouble.words.lower():
            raise
        raise GrafanaTrouble(Cause.NOT_THERE, f"folder {FOLDER}", trouble.words) from None
