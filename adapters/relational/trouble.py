"""Why the relational store cannot be used, said so that whoever runs the park can mend it.  No password is in it.

Errors:
    DatabaseError           the store cannot be used as it was named: the settings are to be mended
    └── DatabaseTrouble     the PostgreSQL server said no, or nothing; also SQLAlchemy's OperationalError, so that
                            whoever waits for a database to come back need not know which one it is

"""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy.exc import OperationalError

from adapters.relational.cause import Cause


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


class Said(NamedTuple):
    """A sentence in both languages."""

    zh: str
    en: str


SENTENCES: Mapping[Cause, Said] = {
    Cause.UNREACHABLE: Said(
        "连接不上数据库服务器 {server} ({words}); 请确认 PostgreSQL 已启动, 并核对 SMARTPARK_DATABASE_URL。",
        "The database server {server} does not answer ({words}); see that PostgreSQL runs, and that host and port in "
        "SMARTPARK_DATABASE_URL are right.",
    ),
    Cause.PASSWORD: Said(
        "数据库服务器 {server} 不接受用户 {user} 的密码; 请核对用户名和 SMARTPARK_DATABASE_PASSWORD "
        "(或 SMARTPARK_DATABASE_PASSWORD_FILE)。",
        "The database server {server} does not accept user {user} with this password; check the user's name and "
        "SMARTPARK_DATABASE_PASSWORD (or SMARTPARK_DATABASE_PASSWORD_FILE).",
    ),
    Cause.NO_DATABASE: Said(
        "数据库服务器 {server} 上没有数据库 {database}; 请先创建: createdb {database}, 或改正 SMARTPARK_DATABASE_URL。",
        "The database server {server} has no database {database}; create it with createdb {database}, or mend "
        "SMARTPARK_DATABASE_URL.",
    ),
    Cause.NOT_LET_IN: Said(
        "数据库服务器 {server} 拒绝用户 {user} 连接 {database} ({words}); "
        "请检查服务器的 pg_hba.conf 与 URL 中的 sslmode。",
        "The database server {server} does not let user {user} into {database} ({words}); check its pg_hba.conf, and "
        "sslmode in the URL.",
    ),
    Cause.STARTING: Said(
        "数据库服务器 {server} 正在启动或停止 ({words}); 稍候会自动恢复。",
        "The database server {server} is starting or stopping ({words}); it comes back by itself.",
    ),
    Cause.FULL: Said(
        "数据库服务器 {server} 的连接已用完; 请调高 max_connections, 或减少其他程序的连接。",
        "The database server {server} has no connection left; raise its max_connections, or have other programs hold "
        "fewer.",
    ),
    Cause.OPTION: Said(
        "数据库驱动不接受 SMARTPARK_DATABASE_URL 中的参数 ({words}); 请改正或去掉问号后的参数。",
        "The driver does not take what SMARTPARK_DATABASE_URL asks for ({words}); mend or leave out what follows its "
        "question mark.",
    ),
    Cause.ENDED: Said(
        "与数据库服务器 {server} 的连接中断; 未提交的操作没有生效, 连接会自动恢复。",
        "The connection to the database server {server} ended; what was not committed did not happen, and we connect "
        "again by ourselves.",
    ),
    Cause.TOO_LONG: Said(
        "数据库 {database} 的一项操作超时, 已取消; 请检查服务器负载与磁盘。",
        "An operation on database {database} took too long and was cancelled; look at the server's load and disk.",
    ),
    Cause.LOCKED: Said(
        "数据库 {database} 中要用的数据一直被其他会话占用; 请在 pg_stat_activity 中查找并结束该会话。",
        "Another session keeps what is needed in database {database}; find it in pg_stat_activity and end it.",
    ),
    Cause.NO_RIGHT: Said(
        "数据库用户 {user} 的权限不够 ({words}); 请以数据库属主运行 smartpark store init, 它会建表并授权。",
        "The database user {user} may not do this ({words}); run smartpark store init as the database's owner: it "
        "makes the tables and grants the rights.",
    ),
    Cause.NO_TABLE: Said(
        "数据库 {database} 中缺少表 ({words}); 请以数据库属主运行 smartpark store init。",
        "Database {database} lacks a table ({words}); run smartpark store init as its owner.",
    ),
    Cause.READ_ONLY: Said(
        "数据库服务器 {server} 只读, 可能是备机; 请把 SMARTPARK_DATABASE_URL 指向主机。",
        "The database server {server} is read-only, a standby perhaps; have SMARTPARK_DATABASE_URL name the primary.",
    ),
    Cause.NO_SPACE: Said(
        "数据库服务器 {server} 的磁盘或内存已满 ({words}); 请腾出空间, 之后自动恢复。",
        "The database server {server} is out of disk or memory ({words}); make room, and it goes on by itself.",
    ),
}


def _words(error: BaseException) -> str:
    """Give the server's words, one line of them, without what the sentence says anyway."""
    line = str(error).strip().partition("\n")[0]
    return line.rpartition(" failed: ")[2].removeprefix("FATAL:").removeprefix("ERROR:").strip().replace("\t", " ")
