"""What may go wrong with a Grafana, and how each is mended.

Errors:
    GrafanaTrouble      nothing more can be done; `cause` says what it is
    Changed             somebody else has changed a board meanwhile
    NotThere            there is no such thing there
"""

from enum import StrEnum


class Cause(StrEnum):
    """Why Grafana did not do what it was asked."""

    AWAY = "away"
    SLOW = "slow"
    NO_GRAFANA = "no_grafana"
    NOT_LET_IN = "not_let_in"
    NO_RIGHT = "no_right"
    NOT_THERE = "not_there"
    CHANGED = "changed"
    REFUSED = "refused"
    BROKEN = "broken"


SAID: dict[Cause, tuple[str, str]] = {
    Cause.AWAY: (
        "连接不上; 请确认 Grafana 在运行, 且 SMARTPARK_GRAFANA_URL 或 --at 正确",
        "cannot be reached; see that Grafana runs and that SMARTPARK_GRAFANA_URL or --at is right",
    ),
    Cause.SLOW: ("没有及时应答; 请稍后再运行一次", "does not answer in time; run this again later"),
    Cause.NO_GRAFANA: (
        "应答的不是 Grafana; 请检查地址 (含子路径, 如 /grafana)",
        "is no Grafana; check the address, with its path, as /grafana, where it has one",
    ),
    Cause.NOT_LET_IN: (
        "不接受令牌; 请检查 SMARTPARK_GRAFANA_TOKEN (用户的密码须同时给出 SMARTPARK_GRAFANA_USER)",
        "does not accept the token; check SMARTPARK_GRAFANA_TOKEN (a password needs SMARTPARK_GRAFANA_USER beside it)",
    ),
    Cause.NO_RIGHT: (
        "令牌无此权限; 服务账号须为 Admin, 按企业建组织须用服务器管理员 (SMARTPARK_GRAFANA_USER)",
        "does not let the token do this: it takes an Admin, for organisations the server's (SMARTPARK_GRAFANA_USER)",
    ),
    Cause.NOT_THERE: (
        "没有此项 (可能刚被删除); 请再运行一次",
        "has no such thing, it may just have been deleted; run this again",
    ),
    Cause.CHANGED: (
        "其间被他人改动; 请再运行一次, 或以 --overwrite 覆盖",
        "it was changed by somebody else meanwhile; run this again, or put ours over it with --overwrite",
    ),
    Cause.REFUSED: ("拒绝", "refuses"),
    Cause.BROKEN: ("内部出错; 请查看其日志", "failed inside; look at its log"),
}


class GrafanaTrouble(Exception):
    """Grafana did not do what it was asked."""

    def __init__(self, cause: Cause, where: str, words: str = "") -> None:
        """Keep the cause, what was asked and Grafana's own words; never the token."""
        self.cause = cause
        self.where = where
        self.words = words
        super().__init__(self.sentence("en"))

    def sentence(self, language: str) -> str:
        """Say what is wrong and how to mend it."""
        zh, en = SAID[self.cause]
        words = f" ({self.words})" if self.words else ""
        return f"Grafana {self.where}: {zh if language == 'zh' else en}{words}"


class NotThere(GrafanaTrouble):
    """There is no such thing there."""


class Changed(GrafanaTrouble):
    """Somebody else has changed it, or there is one of that name already."""
