"""`smartpark user` and `smartpark key`: who may use the API and the console.  A secret is printed once, or never."""

import sys
from dataclasses import asdict
from typing import Annotated

import typer

from adapters import clock
from adapters.relational import accounts
from park.principal import Access
from smartpark.opening import Config, DataDir, Json, Opening, print_json, start, who

user_app = typer.Typer(no_args_is_help=True, help="用户 / Users of the console.")
key_app = typer.Typer(no_args_is_help=True, help="API 密钥 / API keys for programs.")

Name = Annotated[str, typer.Argument(help="名称 / Name.")]
Role = Annotated[Access, typer.Option("--role", help="角色 / Role.")]
Enterprise = Annotated[
    str | None, typer.Option("--enterprise", help="enterprise 角色所属企业 / The enterprise of an enterprise user.")
]
Stdin = Annotated[
    bool, typer.Option("--password-stdin", help="从标准输入读取密码 / Read the password from standard input.")
]


@user_app.command("add", epilog="例 / Example: smartpark user add 张三 --role operator")
def add_user(
    name: Name,
    *,
    role: Role = Access.VIEWER,
    enterprise: Enterprise = None,
    password_stdin: Stdin = False,
    config: Config = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """添加用户; 缺省生成一次性密码 / Add a user, with a one-time password by default."""  # two languages
    opening = start(config, data_dir)
    password = _password(given=password_stdin)
    with opening.store() as engine:
        accounts.create_user(
            engine,
            name=name,
            password=password,
            access=role,
            enterprise=enterprise,
            now=clock.now(),
            who=who(),
            must_change=not password_stdin,
        )
    _say_password(opening, name, None if password_stdin else password, as_json=as_json)


@user_app.command("list", epilog="例 / Example: smartpark user list --json")
def list_users(*, config: Config = None, data_dir: DataDir = None, as_json: Json = False) -> None:
    """列出用户 / List users."""  # two languages
    opening = start(config, data_dir)
    with opening.store() as engine:
        users = accounts.list_users(engine)
    if as_json:
        print_json([asdict(user) for user in users])
        return
    for user in users:
        state = opening.say("已停用", "disabled") if user.disabled_at else ""
        typer.echo("\t".join([user.name, user.access, user.enterprise or "", state]).rstrip())


@user_app.command("password", epilog="例 / Example: smartpark user password 张三")
def set_password(
    name: Name,
    *,
    password_stdin: Stdin = False,
    config: Config = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """重设密码, 缺省生成一次性密码 / Set a new password, a one-time one by default."""  # two languages
    opening = start(config, data_dir)
    password = _password(given=password_stdin)
    with opening.store() as engine:
        must_change = not password_stdin
        accounts.set_password(engine, name, password, now=clock.now(), who=who(), must_change=must_change)
    _say_password(opening, name, None if password_stdin else password, as_json=as_json)


@user_app.command("disable", epilog="例 / Example: smartpark user disable 张三")
def disable_user(name: Name, *, config: Config = None, data_dir: DataDir = None) -> None:
    """停用用户 / Keep a user from signing in."""  # two languages
    opening = start(config, data_dir)
    with opening.store() as engine:
        accounts.disable_user(engine, name, now=clock.now(), who=who())
    typer.echo(opening.say(f"已停用 {name}。", f"{name} is disabled."))


@user_app.command("enable", epilog="例 / Example: smartpark user enable 张三")
def enable_user(name: Name, *, config: Config = None, data_dir: DataDir = None) -> None:
    """重新启用用户 / Let a disabled user sign in again."""  # two languages
    opening = start(config, data_dir)
    with opening.store() as engine:
        accounts.enable_user(engine, name, now=clock.now(), who=who())
    typer.echo(opening.say(f"已启用 {name}。", f"{name} is enabled."))


@key_app.command("create", epilog="例 / Example: smartpark key create scada --role viewer")
def create_key(
    name: Name,
    *,
    role: Role = Access.VIEWER,
    enterprise: Enterprise = None,
    config: Config = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """生成密钥, 只显示这一次 / Make a key; it is shown this once."""  # two languages
    opening = start(config, data_dir)
    with opening.store() as engine:
        secret = accounts.create_key(engine, name=name, access=role, enterprise=enterprise, now=clock.now(), who=who())
    if as_json:
        print_json({"name": name, "secret": secret})
    else:
        typer.echo(secret)
        typer.echo(opening.say("请立即保存; 之后无法再次查看。", "Keep it now: it cannot be shown again."), err=True)


@key_app.command("list", epilog="例 / Example: smartpark key list --json")
def list_keys(*, config: Config = None, data_dir: DataDir = None, as_json: Json = False) -> None:
    """列出密钥 (不含密文) / List keys, without their secrets."""  # two languages
    opening = start(config, data_dir)
    with opening.store() as engine:
        keys = accounts.list_keys(engine)
    if as_json:
        print_json([asdict(key) for key in keys])
        return
    for key in keys:
        state = opening.say("已吊销", "revoked") if key.revoked_at else ""
        typer.echo("\t".join([key.name, f"…{key.hint}", key.access, key.enterprise or "", state]).rstrip())


@key_app.command("revoke", epilog="例 / Example: smartpark key revoke scada")
def revoke_key(name: Name, *, config: Config = None, data_dir: DataDir = None) -> None:
    """吊销密钥 / Make a key open nothing from now on."""  # two languages
    opening = start(config, data_dir)
    with opening.store() as engine:
        if not accounts.revoke_key(engine, name, now=clock.now(), who=who()):
            zh, en = f"没有可吊销的密钥 {name}。", f"There is no key {name} to revoke."
            raise accounts.AccountRefused(zh, en)
    typer.echo(opening.say(f"已吊销 {name}。", f"{name} is revoked."))


def _password(*, given: bool) -> str:
    return sys.stdin.readline().rstrip("\r\n") if given else accounts.one_time_password()


def _say_password(opening: Opening, name: str, password: str | None, *, as_json: bool) -> None:
    if as_json:
        print_json({"name": name, **({} if password is None else {"one_time_password": password})})
    elif password is None:
        typer.echo(opening.say(f"用户 {name} 的密码已设置。", f"The password of {name} is set."))
    else:
        typer.echo(password)
        zh, en = (
            "一次性密码, 只显示这一次; 首次登录后请修改。",
            "A one-time password, shown this once; change it at first sign-in.",
        )
        typer.echo(opening.say(zh, en), err=True)
