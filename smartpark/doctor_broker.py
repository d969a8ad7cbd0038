"""The doctor's look at the broker: a real connection, as the collector would make it."""

from typing import NamedTuple

from adapters.broker_endpoint import broker_endpoint
from adapters.endpoint import Endpoint
from adapters.mqtt_probe import Answer, Welcome, probe
from adapters.settings import Settings
from smartpark.finding import Finding, State


class Words(NamedTuple):
    """A sentence in both languages, with `{place}`, `{version}` and the broker's own `{words}`."""

    zh: str
    en: str


WORDS: dict[Welcome, Words] = {
    Welcome.LET_IN: Words(
        "消息服务器 {place} 可用, 用户与密码有效 (MQTT {version})",
        "broker {place} lets us in (MQTT {version})",
    ),
    Welcome.UNREACHABLE: Words(
        "消息服务器 {place} 无应答 ({words}); 请检查它是否运行、防火墙与 SMARTPARK_MQTT_URL",
        "broker {place} does not answer ({words}); check that it runs, the firewall, and SMARTPARK_MQTT_URL",
    ),
    Welcome.TLS: Words(
        "与消息服务器 {place} 的 TLS 握手失败 ({words}); 请检查 SMARTPARK_MQTT_CA_FILE、证书上的主机名与有效期, "
        "以及该端口是否提供 TLS",
        "no TLS with broker {place} ({words}); check SMARTPARK_MQTT_CA_FILE, the certificate's host name and dates, "
        "and that the port speaks TLS",
    ),
    Welcome.SILENT: Words(
        "{place} 有程序监听, 但没有按 MQTT 应答; 请检查端口, 若它要求 TLS 请用 mqtts://",
        "something listens at {place} and does not answer as an MQTT broker; check the port, and use mqtts:// where it "
        "wants TLS",
    ),
    Welcome.STRANGER: Words(
        "消息服务器 {place} 不接受该用户或密码 ({words}); 请检查 SMARTPARK_MQTT_URL 中的用户与 SMARTPARK_MQTT_PASSWORD",
        "broker {place} refuses this user or password ({words}); check the user in SMARTPARK_MQTT_URL and "
        "SMARTPARK_MQTT_PASSWORD",
    ),
    Welcome.REFUSED: Words(
        "消息服务器 {place} 拒绝连接 ({words}); 请查看它的日志",
        "broker {place} refuses the connection ({words}); look into its log",
    ),
}


def look_at_broker(settings: Settings) -> Finding:
    """Try to be let in, and say why not."""
    if "mqtt_url" not in settings.model_fields_set:
        return _embedded(settings.mqtt_port)
    target = broker_endpoint(settings)
    answer = probe(target, settings.mqtt_version)
    if answer.welcome is Welcome.LET_IN and answer.version != settings.mqtt_version:
        place = _place(target)
        return Finding(
            "broker",
            State.NOTE,
            f"消息服务器 {place} 只支持 MQTT {answer.version}; 请设置 SMARTPARK_MQTT_VERSION={answer.version}",
            f"broker {place} speaks MQTT {answer.version} only; set SMARTPARK_MQTT_VERSION={answer.version}",
        )
    return _finding(target, answer)


def _embedded(port: int) -> Finding:
    target = Endpoint("127.0.0.1", port)
    answer = probe(target, "3.1.1")
    if answer.welcome is Welcome.UNREACHABLE:
        return Finding(
            "broker",
            State.NOTE,
            f"内置消息服务器未运行 (端口 {port} 空闲); smartpark up 会启动它",
            f"the embedded broker is not running (port {port} is free); smartpark up starts it",
        )
    return _finding(target, answer)


def _finding(target: Endpoint, answer: Answer) -> Finding:
    zh, en = (
        text.format(place=_place(target), version=answer.version, words=answer.words) for text in WORDS[answer.welcome]
    )
    return Finding("broker", State.WELL if answer.welcome is Welcome.LET_IN else State.WRONG, zh, en)


def _place(target: Endpoint) -> str:
    return f"{target.host}:{target.port}"
