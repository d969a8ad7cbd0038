"""Who asks, and what they may."""

from dataclasses import dataclass
from enum import StrEnum


class Access(StrEnum):
    """The role of a user or API key."""

    VIEWER = "viewer"
    """Sees the whole park, changes nothing."""
    SAFETY = "safety"
    """A viewer who also answers alerts, and keeps their rules and the roster."""
    OPERATOR = "operator"
    """Keeps the registry, the quarantine, the accounts and the statements."""
    ADMIN = "admin"
    """Also keeps users and keys."""
    ENTERPRISE = "enterprise"
    """Sees one enterprise only, and changes nothing."""


class Right(StrEnum):
    """One thing that a role may allow."""

    SEE = "see"
    SEE_QUARANTINE = "see_quarantine"
    ANSWER_ALERTS = "answer_alerts"
    KEEP_RULES = "keep_rules"
    """Alert rules, who is told, who is on duty, where work goes on."""
    KEEP_REGISTRY = "keep_registry"
    KEEP_QUARANTINE = "keep_quarantine"
    KEEP_ACCOUNTS = "keep_accounts"
    """Epochs, factors, virtual meters, evaluation, closing a term."""
    KEEP_STATEMENTS = "keep_statements"
    """What enterprises report: value added, output, tax, fuels."""
    KEEP_USERS = "keep_users"
    SEE_AUDIT = "see_audit"


RIGHTS: dict[Access, frozenset[Right]] = {
    Access.VIEWER: frozenset({Right.SEE, Right.SEE_QUARANTINE}),
    Access.SAFETY: frozenset({Right.SEE, Right.SEE_QUARANTINE, Right.ANSWER_ALERTS, Right.KEEP_RULES}),
    Access.OPERATOR: frozenset(
        {
            Right.SEE,
            Right.SEE_QUARANTINE,
            Right.ANSWER_ALERTS,
            Right.KEEP_RULES,
            Right.KEEP_REGISTRY,
            Right.KEEP_QUARANTINE,
            Right.KEEP_ACCOUNTS,
            Right.KEEP_STATEMENTS,
        }
    ),
    Access.ADMIN: frozenset(Right),
    Access.ENTERPRISE: frozenset({Right.SEE}),
}


@dataclass(frozen=True, slots=True)
class Principal:
    """The one a request acts for.  `enterprise` is set exactly where the role is ENTERPRISE."""

    name: str
    access: Access
    enterprise: str | None = None

    def __post_init__(self) -> None:
        """Refuse an enterprise user without an enterprise: it would see everything."""
        if (self.access is Access.ENTERPRISE) != (self.enterprise is not None):
            raise ValueError("an enterprise user has an enterprise, and nobody else has")

    def may(self, right: Right) -> bool:
        """Tell whether the role allows it."""
        return right in RIGHTS[self.access]

    def sees(self, enterprise: str) -> bool:
        """Tell whether an enterprise's data are open to this principal."""
        return self.enterprise is None or self.enterprise == enterprise
