"""What a park decided where the rules leave a choice: shown to everybody, changed by who keeps the accounts."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy.exc import OperationalError

from adapters.relational import policies as store
from api.console.form import Form
from api.console.frame import Visit
from api.console.parts import button, panel, tag, text
from park.carrier import carriers
from park.factor import REGIONS, Basis
from park.factor_table import sets
from park.policy import FOSSIL, RESIDUAL, Policy
from park.policy_entry import PolicyMistaken, media
from park.principal import Right


class PolicyPanel:
    """The policy in force and the form that decides the next."""

    def __init__(self, visit: Visit, policy: Policy, changed: Callable[[], Awaitable[None]]) -> None:
        self._visit = visit
        self._policy = policy
        self._changed = changed
        self._form = Form()
        t = visit.t
        sub = (
            t("factor_policy_default")
            if policy.at is None
            else t("factor_policy_by", n=policy.revision, who=policy.who, at=f"{policy.at.astimezone(t.zone):%Y-%m-%d}")
        )
        with panel(t("factor_policy"), sub=sub):
            self._facts()
            if visit.who.may(Right.KEEP_ACCOUNTS):
                with tag("details"):
                    text("summary", t("factor_policy_change"))
                    self._fields()

    def _facts(self) -> None:
        t, policy = self._visit.t, self._policy
        names = [t.pick(carriers()[name].zh, carriers()[name].en) for name in sorted(policy.counted)]
        regions = " → ".join(t.pick(*REGIONS[name]) for name in policy.regions)
        rows = (
            ("factor_policy_basis", t(f"factor_{policy.basis}")),
            ("factor_policy_region", regions),
            ("factor_policy_counted", "、".join(names) or t("factor_policy_none_counted")),
            ("factor_policy_self", t("factor_yes") if policy.self_generated else t("factor_no")),
            ("factor_policy_residual", t(f"factor_{policy.residual}")),
            ("factor_policy_feed", f"{policy.feed_water_kj_kg:g} kJ/kg"),
            ("factor_policy_final", f"{policy.final_coverage:.0%}"),
        )
        with tag("dl", "facts"):
            for key, words in rows:
                text("dt", t(key))
                text("dd", words)
        text("p", t("factor_policy_both"), "note")

    def _fields(self) -> None:
        t, form, policy = self._visit.t, self._form, self._policy
        form.rest_here()
        with tag("div", "bar-of-filters"):
            form.choice("basis", t("factor_policy_basis"), {one.value: t(f"factor_{one}") for one in Basis},
                        value=policy.basis)  # fmt: skip
            form.choice("region", t("factor_policy_region"), {name: t.pick(*words) for name, words in REGIONS.items()},
                        value=policy.region)  # fmt: skip
            form.choice("residual", t("factor_policy_residual"),
                        {one: t(f"factor_{one}") for one in (RESIDUAL, FOSSIL)}, value=policy.residual)  # fmt: skip
            form.line("feed_water_kj_kg", t("factor_policy_feed"), value=f"{policy.feed_water_kj_kg:g}")
            form.line("final_coverage", t("factor_policy_final"), value=f"{policy.final_coverage:g}")
        with tag("div", "bar-of-filters"):
            form.tick("fallback", t("factor_policy_fallback"), value=policy.fallback)
            form.tick("self_generated", t("factor_policy_self"), value=policy.self_generated)
            for name in media():
                carrier = carriers()[name]
                words = t("factor_policy_count", name=t.pick(carrier.zh, carrier.en))
                form.tick(f"counted_{name}", words, value=name in policy.counted)
        with tag("div", "bar-of-filters"):
            for one in sets().values():
                words = t("factor_policy_set", name=t.pick(one.zh, one.en))
                form.tick(f"set_{one.id}", words, value=one.id in policy.sets)
        with tag("div", "bar-of-filters"):
            form.line("reason", t("factor_reason"))
            button(t("factor_policy_save"), self._save, "button main")

    def document(self) -> dict[str, Any]:
        """Give what was filled in."""
        form = self._form
        names = ("basis", "region", "residual", "feed_water_kj_kg", "final_coverage", "reason")
        made: dict[str, Any] = {name: form.word(name) for name in names}
        made |= {name: form.values[name] for name in ("fallback", "self_generated")}
        made["counted"] = [name for name in media() if form.values[f"counted_{name}"]]
        made["sets"] = [name for name in sets() if form.values[f"set_{name}"]]
        return made

    async def _save(self) -> None:
        t, services = self._visit.t, self._visit.board.services
        if not self._form.word("reason"):
            self._form.say(t("factor_reason_needed"))
            return
        try:
            await asyncio.to_thread(
                store.save,
                services.engine,
                self._policy.park,
                self.document(),
                who=self._visit.who.name,
                now=services.clock(),
            )
        except PolicyMistaken as refused:
            self._form.tell(refused.mistakes, t.language)
            return
        except OperationalError:
            self._form.say(t("database_down"))
            return
        await self._changed()
