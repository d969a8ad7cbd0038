"""Every table there is: whoever asks `metadata` here sees those of all rooms."""

from adapters.relational import (
    schema,
    tables_acceptance,
    tables_activity,
    tables_alarm_desk,
    tables_alert,
    tables_budget,
    tables_evaluation,
    tables_factor,
    tables_figure,
    tables_lease,
    tables_ledger,
    tables_site_plan,
    tables_statement,
    tables_virtual,
)
from adapters.relational.metadata import metadata

__all__ = ["MODULES", "metadata"]

MODULES = (
    schema,
    tables_acceptance,
    tables_activity,
    tables_alarm_desk,
    tables_alert,
    tables_budget,
    tables_evaluation,
    tables_factor,
    tables_figure,
    tables_lease,
    tables_ledger,
    tables_site_plan,
    tables_statement,
    tables_virtual,
)
