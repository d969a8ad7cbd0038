"""`smartpark codec`: which codecs there are, and how one would read a payload."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from smartpark.codec_messages import Message, content_of, messages_of
from smartpark.opening import FAILED, Config, DataDir, Json, Opening, fail, misuse, print_json, start

if TYPE_CHECKING:
    from park.place import Meter
    from park.registry import Registry
    from park.trial import Told

    Reader = Callable[[Message], Told]

app = typer.Typer(no_args_is_help=True, help="编码方式 / Codecs: how devices write what they measure.")

File = Annotated[str, typer.Argument(help="报文文件, - 为标准输入 / Payload file, - for standard input.")]
RegistryFile = Annotated[
    Path | None,
    typer.Option("--registry", exists=True, dir_okay=False, help="台账文件, 缺省为已导入的台账 / Registry file."),
]


@app.command("list", epilog="例 / Example: smartpark codec list")
def list_command(*, config: Config = None, data_dir: DataDir = None, as_json: Json = False) -> None:
    """列出可用的编码方式 / The codecs there are."""
    from park.decode import DIALECTS
    from park.decode.json_maps import maps

    opening = start(config, data_dir)
    if as_json:
        print_json(
            {
                "codecs": [
                    {"name": each.name, "zh": each.zh, "en": each.en, "content_types": each.content_types}
                    for each in DIALECTS.values()
                ],
                "maps": [{"name": each.name, "zh": each.zh, "en": each.en} for each in maps().values()],
            }
        )
        return
    for each in DIALECTS.values():
        kinds = f"  ({', '.join(each.content_types)})" if each.content_types else ""
        typer.echo(f"{each.name:14}{opening.say(each.zh, each.en)}{kinds}")
    for row in maps().values():
        typer.echo(f"  {f'map: {row.name}':20}{opening.say(row.zh, row.en)}")


@app.command("try")
def try_command(
    file: File,
    *,
    codec: Annotated[str | None, typer.Option("--codec", help="编码方式 / Codec; see `smartpark codec list`.")] = None,
    meter: Annotated[str | None, typer.Option("--meter", help="按台账中的这台设备解读 / As this meter.")] = None,
    registry: RegistryFile = None,
    topic: Annotated[str, typer.Option("--topic", help="报文的主题 / The topic it came on.")] = "",
    content_type: Annotated[
        str | None, typer.Option("--content-type", help="MQTT 5 内容类型 / The MQTT 5 content type it came with.")
    ] = None,
    options: Annotated[
        str | None, typer.Option("--options", help="编码选项 (JSON), 与台账 codec 下的写法相同 / As in the registry.")
    ] = None,
    received: Annotated[
        str | None, typer.Option("--received", help="收到的时刻 (RFC 3339), 缺省为现在 / When it came.")
    ] = None,
    as_hex: Annotated[
        bool, typer.Option("--hex", help="文件为十六进制, 一行一条, 前面可写主题 / Hex, a message a line.")
    ] = False,
    config: Config = None,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> None:
    """试读报文: 会存入什么, 为什么不存 / Show how a payload would be read, and why not (exit 1).

    例 / Example: smartpark codec try --codec hj212 frames.txt

    例 / Example: smartpark codec try --codec json --topic tele/plug7/SENSOR payload.json --options '{"map": "tasmota"}'

    例 / Example: smartpark codec try --meter e90-main --registry park.yaml payload.json

    例 / Example: mosquitto_sub -h 127.0.0.1 -t 'spBv1.0/#' -F '%t %x' -W 60 | smartpark codec try --codec sparkplug
    --hex -

    不写台账时按一台什么都测的设备解读, 选项由报文推测 / Without a registry: as a meter that measures everything, its
    options guessed from what is sent.
    """
    from smartpark.codec_lines import lines

    opening = start(config, data_dir)
    at = _moment(received)
    if meter is not None or registry is not None:
        if options is not None:
            misuse(opening.say("--options 与台账不能并用: 选项写在台账里。", "--options stand in the registry."))
        spoken, reader = _by_registry(opening, Asked(codec, meter, registry, topic, content_type), at)
    else:
        spoken = _codec(opening, codec)
        reader = _made_up(opening, spoken, _options(opening, codec, options), at)
    messages = list(messages_of(content_of(file), spoken, topic, as_hex=as_hex))
    if not messages:
        fail(opening.say("没有报文。", "There is no message."))
    told = [reader(message) for message in messages]
    if as_json:
        found = [_plain(*pair) for pair in zip(messages, told, strict=True)]
        print_json({"ok": all(each.well for each in told), "messages": found})
    else:
        for number, (message, each) in enumerate(zip(messages, told, strict=True), 1):
            typer.echo("\n".join(lines(opening, number, message.topic, each)))
    if not all(each.well for each in told):
        raise typer.Exit(FAILED)


class Asked(NamedTuple):
    """What the command line says of the sender."""

    codec: str | None
    meter: str | None
    registry: Path | None
    topic: str
    content_type: str | None


def _by_registry(opening: Opening, asked: Asked, at: datetime) -> tuple[str, "Reader"]:
    """Give the codec that the registry has for the sender, and what reads its messages."""
    from park.trial import Trial

    registry = _registry(opening, asked.registry)
    trial = Trial(registry, opening.settings.mqtt_prefix)
    if asked.meter is None:
        codec = trial.codec_of(asked.topic, asked.content_type) if asked.topic else _named(opening, asked.codec)
        _agree(opening, asked.topic, codec, asked.codec)

        def by_topic(message: Message) -> "Told":
            if message.topic:
                return trial.of_topic(message.payload, message.topic, at, asked.content_type)
            return trial.of_codec(message.payload, _codec(opening, asked.codec), at)

        return codec, by_topic
    found = registry.by_meter.get(asked.meter)
    if found is None:
        fail(opening.say(f"台账中没有设备 {asked.meter}。", f"There is no meter {asked.meter} in the registry."))
    _agree(opening, found.id, found.codec, asked.codec)
    return found.codec, lambda message: trial.of_meter(message.payload, found, message.topic, at)


def _agree(opening: Opening, name: str, registered: str, asked: str | None) -> None:
    if asked is not None and registered and asked != registered:
        misuse(
            opening.say(
                f"{name} 登记的编码方式是 {registered}, 不是 {asked}。",
                f"{name} is registered with codec {registered}, not {asked}.",
            )
        )


def _made_up(opening: Opening, codec: str, options: Mapping[str, object] | None, at: datetime) -> "Reader":
    """Read each message as one of a meter that measures everything; senders told apart have a meter each."""
    from park.decode.memory import Memory
    from park.trial import Trial, alone, likely, made_up

    memory = Memory()
    trials: dict[str, tuple[Meter, Trial]] = {}

    def read(message: Message) -> "Told":
        guessed = likely(codec, message.payload, message.topic, at) if options is None else dict(options)
        key = json.dumps(guessed, sort_keys=True)
        if key not in trials:
            meter = made_up(codec, guessed)
            trials[key] = (meter, Trial(alone(meter), opening.settings.mqtt_prefix, memory))
            if guessed and options is None:
                typer.echo(opening.say(f"推测的选项: {key}", f"options guessed: {key}"), err=True)
        meter, trial = trials[key]
        return trial.of_meter(message.payload, meter, message.topic, at)

    return read


def _registry(opening: Opening, file: Path | None) -> "Registry":
    from adapters import registry_yaml
    from adapters.relational import registry_store
    from smartpark.mistake_lines import mistake_lines

    if file is None:
        with opening.store() as engine:
            return registry_store.load(engine)
    checked = registry_yaml.load(file)
    if checked.registry is None:
        fail("\n".join(mistake_lines(file, checked.mistakes, opening.settings.language)))
    return checked.registry


def _named(opening: Opening, name: str | None) -> str:
    return "" if name is None else _codec(opening, name)


def _codec(opening: Opening, name: str | None) -> str:
    from park.decode import DIALECTS
    from park.registry_notes import near

    if name is None:
        misuse(opening.say("请给出 --codec、--meter 或 --topic。", "Say which --codec, --meter or --topic."))
    if name not in DIALECTS:
        zh, en = near(name, DIALECTS)
        misuse(opening.say(f"没有编码方式 {name}; {zh}", f"There is no codec {name}; {en}"))
    return name


def _options(opening: Opening, codec: str | None, given: str | None) -> Mapping[str, object] | None:
    """Read the options as the registry's check would."""
    from park.decode import DIALECTS
    from park.metric import metrics
    from park.registry_notes import Notes

    if given is None:
        return None
    try:
        options = json.loads(given)
    except ValueError as error:
        misuse(opening.say(f"--options 不是 JSON: {error}", f"--options is not JSON: {error}"))
    if not isinstance(options, dict):
        misuse(opening.say('--options 应是 {"键": 值}。', '--options is a mapping, {"key": value}.'))
    notes = Notes({})
    dialect = DIALECTS[_codec(opening, codec)]
    dialect.check(notes, f"codec.{dialect.name}", options, tuple(metrics()))
    if notes.mistakes:
        misuse("\n".join(f"{each.path}: {each.sentence(opening.settings.language)}" for each in notes.mistakes))
    return options


def _moment(given: str | None) -> datetime:
    from adapters import clock
    from park import instant

    if given is None:
        return clock.now()
    try:
        return instant.from_text(given)
    except ValueError:
        misuse(f"--received {given}: 请写 / write 2026-11-24T08:00:00+08:00")


def _plain(message: Message, told: "Told") -> dict[str, object]:
    from smartpark.codec_lines import plain

    return {"topic": message.topic, **plain(told)}
