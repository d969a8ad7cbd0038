"""Why the relational store cannot be used, said so that whoever runs the park can mend it.  No password is in it.

Errors:
    DatabaseError           the store cannot be used as it was named: the settings are to be mended
    └── DatabaseTrouble     the PostgreSQL server said no, or nothing; also SQLAlchemy's OperationalError, so that
                            whoever waits for a database to come back need not know which one it is

"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy.exc import OperationalError


class DatabaseError(ValueError):
    """The relational store cannot be used as it was named."""

    def __init__(self, zh: str, en: str) -> None:
        """Keep the sentence in both languages."""
        super().__init__(en)
        self.zh = zh
        self.en = en

    def __str__(self) -> str:
        return f"{self.zh} / {self.en}"

    def sentence(self, language: str = "zh") -> str:
        """Say it in one language."""
        return self.zh if language == "zh" else self.en


class Cause(StrEnum):
    """What stands between us and the server."""

    UNREACHABLE = "unreachable"
    """Nobody answers there, or not in time."""
    PASSWORD = "password"  # noqa: S105  # a word, not one of them
    """It knows no such user with this password: which of the two it does not say."""
    NO_DATABASE = "no_database"
    NOT_LET_IN = "not_let_in"
    """Its access rules, or those about encryption, keep us out."""
    STARTING = "starting"
    """It is on its way up or down: it will be there by itself."""
    FULL = "full"
    """It has no connection left."""
    OPTION = "option"
    """The URL asks for what the driver does not know."""
    ENDED = "ended"
    """The connection ended in mid-operation: what was not committed did not happen."""
    TOO_LONG = "too_long"
    LOCKED = "locked"
    NO_RIGHT = "no_right"
    NO_TABLE = "no_table"
    READ_ONLY = "read_only"
    NO_SPACE = "no_space"


class Place(NamedTuple):
    """Which server, database and user, as a sentence may show them."""

    server: str
    database: str
    user: str


class DatabaseTrouble(DatabaseError, OperationalError):
    """What a PostgreSQL server would not do; `cause` says what to do next."""

    def __init__(self, cause: Cause, place: Place, error: BaseException, *, gone: bool = False) -> None:
        """Say it by its cause; `gone` tells that the connection is of no more use."""
        OperationalError.__init__(self, None, None, error, hide_parameters=True, connection_invalidated=gone)
        self.cause = cause
        said = {**place._asdict(), "words": _words(error)}
        self.zh, self.en = (sentence.format(**said) for sentence in SENTENCES[cause])


SENTENCES: Mapping[Cause, tuple[str, str]] = {
    Cause.UNREACHABLE: (
        "连接不上数据库服务器 {server} ({words}); 请确认 PostgreSQL 已启动, SMARTPARK_DATABASE_URL 中的主机和端口正确。",
        "The database server {server} does not answer ({words}); see that PostgreSQL runs, and that host and port in "
        "SMARTPARK_DATABASE_URL are right.",
    ),
    Cause.PASSWORD: (
        "数据库服务器 {server} 不接受用户 {user} 的密码; 请核对用户名和 SMARTPARK_DATABASE_PASSWORD "
        "(或 SMARTPARK_DATABASE_PASSWORD_FILE)。",
        "The database server {server} does not accept user {user} with this password; check the user's name and "
        "SMARTPARK_DATABASE_PASSWORD (or SMARTPARK_DATABASE_PASSWORD_FILE).",
    ),
    Cause.NO_DATABASE: (
        "数据库服务器 {server} 上没有数据库 {database}; 请先创建: createdb {database}, 或改正 SMARTPARK_DATABASE_URL。",
        "The database server {server} has no database {database}; create it with createdb {database}, or mend "
        "SMARTPARK_DATABASE_URL.",
    ),
    Cause.NOT_LET_IN: (
        "数据库服务器 {server} 拒绝用户 {user} 连接 {database} ({words}); 请检查服务器的 pg_hba.conf 与 URL 中的 sslmode。",
        "The database server {server} does not let user {user} into {database} ({words}); check its pg_hba.conf, and "
        "sslmode in the URL.",
    ),
    Cause.STARTING: (
        "数据库服务器 {server} 正在启动或停止 ({words}); 稍候会自动恢复。",
        "The database server {server} is starting or stopping ({words}); it comes back by itself.",
    ),
    Cause.FULL: (
        "数据库服务器 {server} 的连接已用完; 请调高 max_connections, 或减少其他程序的连接。",
        "The database server {server} has no connection left; raise its max_connections, or have other programs hold "
        "fewer.",
    ),
    Cause.OPTION: (
        "数据库驱动不接受 SMARTPARK_DATABASE_URL 中的参数 ({words}); 请改正或去掉问号后的参数。",
        "The driver does not take what SMARTPARK_DATABASE_URL asks for ({words}); mend or leave out what follows its "
        "question mark.",
    ),
    Cause.ENDED: (
        "与数据库服务器 {server} 的连接中断; 未提交的操作没有生效, 连接会自动恢复。",
        "The connection to the database server {server} ended; what was not committed did not happen, and we connect "
        "again by ourselves.",
    ),
    Cause.TOO_LONG: (
        "数据库 {database} 的一项操作超时, 已取消; 请检查服务器负载与磁盘。",
        "An operation on database {database} took too long and was cancelled; look at the server's load and disk.",
    ),
    Cause.LOCKED: (
        "数据库 {database} 中要用的数据一直被其他会话占用; 请在 pg_stat_activity 中查找并结束该会话。",
        "Another session keeps what is needed in database {database}; find it in pg_stat_activity and end it.",
    ),
    Cause.NO_RIGHT: (
        "数据库用户 {user} 的权限不够 ({words}); 请以数据库属主运行 smartpark store init, 它会建表并授权。",
        "The database user {user} may not do this ({words}); run smartpark store init as the database's owner: it makes "
        "the tables and grants the rights.",
    ),
    Cause.NO_TABLE: (
        "数据库 {database} 中缺少表 ({words}); 请以数据库属主运行 smartpark store init。",
        "Database {database} lacks a table ({words}); run smartpark store init as its owner.",
    ),
    Cause.READ_ONLY: (
        "数据库服务器 {server} 只读, 可能是备机; 请把 SMARTPARK_DATABASE_URL 指向主机。",
        "The database server {server} is read-only, a standby perhaps; have SMARTPARK_DATABASE_URL name the primary.",
    ),
    Cause.NO_SPACE: (
        "数据库服务器 {server} 的磁盘或内存已满 ({words}); 请腾出空间, 之后自动恢复。",
        "The database server {server} is out of disk or memory ({words}); make room, and it goes on by itself.",
    ),
}

# SQLSTATE, or its first two letters → cause
STATES: Mapping[str, Cause] = {
    "08": Cause.ENDED,
    "25006": Cause.READ_ONLY,
    "28P01": Cause.PASSWORD,
    "28": Cause.NOT_LET_IN,
    "3D000": Cause.NO_DATABASE,
    "42501": Cause.NO_RIGHT,
    "42P01": Cause.NO_TABLE,
    "53300": Cause.FULL,
    "53": Cause.NO_SPACE,
    "55P03": Cause.LOCKED,
    "57014": Cause.TOO_LONG,
    "57P01": Cause.ENDED,
    "57P02": Cause.ENDED,
    "57P03": Cause.STARTING,
    "57P05": Cause.ENDED,
}

# A connection that was not made has no SQLSTATE, only words; those not found here are said as they are.
WORDS: tuple[tuple[re.Pattern[str], Cause], ...] = tuple(
    (re.compile(pattern), cause)
    for pattern, cause in (
        (r"password authentication failed|no password supplied|role \".*\" does not exist", Cause.PASSWORD),
        (r"database \".*\" does not exist", Cause.NO_DATABASE),
        (r"is starting up|is shutting down|recovery mode|not accepting connections", Cause.STARTING),
        (r"too many clients|too many connections|connection slots", Cause.FULL),
        (r"pg_hba\.conf|SSL|certificate|permission denied for database|not permitted to log in", Cause.NOT_LET_IN),
        (
            r"invalid (URI query parameter|connection option)|(bad|invalid) (integer )?value|invalid .* value",
            Cause.OPTION,
        ),
    )
)


def cause_of(error: BaseException, *, connecting: bool, gone: bool) -> Cause | None:
    """Give what a driver's error comes from; None where it is about the data, and the caller's own."""
    state = getattr(error, "sqlstate", None)
    if state is not None:
        return STATES.get(state) or STATES.get(state[:2]) or (Cause.ENDED if gone else None)
    if not connecting:
        return Cause.ENDED if gone else None
    words = str(error)
    return next((cause for pattern, cause in WORDS if pattern.search(words)), Cause.UNREACHABLE)


def _words(error: BaseException) -> str:
    """Give the server's words, one line of them, without what the sentence says anyway."""
    line = str(error).strip().partition("\n")[0]
    return line.rpartition(" failed: ")[2].removeprefix("FATAL:").removeprefix("ERROR:").strip().replace("\t", " ")
