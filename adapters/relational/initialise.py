"""Make the relational store ready for the services: its tables, and on PostgreSQL its users and their rights."""

from dataclasses import dataclass

from adapters.relational import engine as engines
from adapters.relational import migrate
from adapters.relational.rights import Granted, Role, grant
from adapters.settings import Settings


@dataclass(frozen=True, slots=True)
class Initialised:
    """What was found, and what was made of it."""

    was: str | None
    """The schema's revision before; None where there was no schema."""
    now: str
    granted: Granted | None
    """None on SQLite, which has no users."""

    def sentence(self, language: str = "zh") -> str:
        """Say it in one language."""
        zh, en = f"业务数据库已就绪, 结构版本 {self.now}", f"Relational store ready, schema {self.now}"
        if self.was != self.now:
            zh, en = f"{zh} (原为 {self.was or '空库'})", f"{en} (was {self.was or 'empty'})"
        if self.granted is not None:
            for names, zh_word, en_word in (
                (self.granted.created, "新建用户", "users made"),
                (self.granted.renewed, "已重新授权", "rights renewed"),
                (self.granted.missing, "未设密码, 未建", "no password given, not made"),
            ):
                if names:
                    zh, en = f"{zh}; {zh_word}: {', '.join(names)}", f"{en}; {en_word}: {', '.join(names)}"
        return f"{zh}。" if language == "zh" else f"{en}."


def init_relational(settings: Settings) -> Initialised:
    """Bring the schema to this version's and grant rights; repeating it changes nothing.

    The URL must name the database's owner.  Raises DatabaseError or MigrationError.
    """
    engine = engines.connect(settings.database())
    try:
        was = migrate.current(engine)
        migrate.upgrade(engine)
        granted = grant(engine, passwords(settings)) if engine.dialect.name == "postgresql" else None
        return Initialised(was, migrate.head(), granted)
    finally:
        engine.dispose()


def passwords(settings: Settings) -> dict[Role, str]:
    """Give the passwords of the users to make."""
    given = {
        Role.COLLECTOR: settings.database_collector_password,
        Role.RULES: settings.database_rules_password,
        Role.API: settings.database_api_password,
        Role.GRAFANA: settings.database_grafana_password,
    }
    return {role: secret.get_secret_value() for role, secret in given.items() if secret is not None}
