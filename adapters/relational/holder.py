"""What users and keys have in common: a name, a role, and where the role asks for it an enterprise."""

import re

from sqlalchemy import Connection, select

from adapters.relational.refusal import AccountRefused
from adapters.relational.schema import enterprise as enterprises
from park.principal import Access

NAME = re.compile(r"[\w][\w.@-]{0,63}")
"""Letters of any script: people here have Chinese names.  No colon: it marks what is not a user, as in `key:scada`."""


def check(connection: Connection, name: str, access: Access, enterprise: str | None) -> None:
    """Refuse a name, or a role with or without an enterprise, that cannot be.  Raises AccountRefused."""
    if not NAME.fullmatch(name):
        raise AccountRefused(
            f"名称 {name[:64]!r} 不可用; 请使用 1 至 64 个字母、汉字、数字或 _ . @ -, 首位为字母、汉字或数字。",
            f"Name {name[:64]!r} cannot be used; take 1 to 64 letters, digits or _ . @ -, a letter or digit first.",
        )
    if access is not Access.ENTERPRISE:
        if enterprise is not None:
            raise AccountRefused(
                f"只有 enterprise 角色限定于一家企业; 请去掉企业 {enterprise}, 或把角色改为 enterprise。",
                f"Only the role enterprise is bound to one; leave out {enterprise}, or make the role enterprise.",
            )
        return
    if enterprise is None:
        raise AccountRefused(
            "enterprise 角色必须指定一家企业。", "The role enterprise needs the enterprise it may see."
        )
    if connection.execute(select(enterprises.c.id).where(enterprises.c.id == enterprise)).one_or_none() is None:
        raise AccountRefused(
            f"企业 {enterprise} 不在台账中; 请先登记企业。",
            f"Enterprise {enterprise} is not in the registry; register it first.",
        )
