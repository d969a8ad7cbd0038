"""`smartpark doctor`."""

import typer

from smartpark.opening import FAILED, Config, DataDir, Json, print_json, start


def doctor(*, data_dir: DataDir = None, config: Config = None, as_json: Json = False) -> None:
    """检查安装, 指出问题与处理办法 / Say what is wrong with an installation and how to mend it.

    例 / Example: smartpark doctor --data-dir var
    """
    opening = start(config, data_dir)
    from smartpark.doctor import examine
    from smartpark.finding import State

    marks = {State.WELL: "✓", State.NOTE: "!", State.WRONG: "✗"}
    findings = examine(opening.settings)
    if as_json:
        print_json([finding.as_json() for finding in findings])
    else:
        for finding in findings:
            typer.echo(f"{marks[finding.state]} {opening.say(finding.zh, finding.en)}")
    if any(finding.state is State.WRONG for finding in findings):
        raise typer.Exit(FAILED)
