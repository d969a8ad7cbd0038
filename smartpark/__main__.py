"""The command line: one command a room.  What a command needs is imported when it runs, so that --help is quick."""

import typer

from smartpark import (
    codec_commands,
    quarantine_commands,
    registry_commands,
    service_commands,
    simulate_commands,
    statement_commands,
    store_commands,
    user_commands,
)
from smartpark.acceptance_command import acceptance
from smartpark.bench_commands import app as bench
from smartpark.broker_commands import app as broker
from smartpark.doctor_command import doctor
from smartpark.grafana_commands import app as grafana
from smartpark.hj212_command import hj212
from smartpark.rules_command import app as rules
from smartpark.scenario_commands import app as simulate
from smartpark.up_command import up

app = typer.Typer(
    name="smartpark",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,  # a traceback must not print secrets
    help="智慧园区能碳与安全监测平台 / Monitoring of an industrial park: energy, carbon, safety.",
)
app.command("up")(up)
app.command("collector")(service_commands.collector)
app.command("hj212")(hj212)
app.command("api")(service_commands.api)
app.add_typer(simulate, name="simulate")
app.command("replay")(simulate_commands.replay)
app.command("doctor")(doctor)
app.command("acceptance")(acceptance)
app.add_typer(store_commands.app, name="store")
app.add_typer(registry_commands.app, name="registry")
app.add_typer(codec_commands.app, name="codec")
app.add_typer(quarantine_commands.app, name="quarantine")
app.add_typer(statement_commands.app, name="statements")
app.add_typer(rules, name="rules")
app.add_typer(user_commands.user_app, name="user")
app.add_typer(user_commands.key_app, name="key")
app.add_typer(broker, name="broker")
app.add_typer(grafana, name="grafana")
app.add_typer(bench, name="bench")


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
