"""Settings are checked whole; every mistake is named with what to write instead, and no secret is ever shown."""

import json
import logging
import traceback
from pathlib import Path

import pytest
from pydantic import SecretStr

from adapters.settings import Settings, SettingsError, load
from adapters.settings_sources import PREFIX

SECRET = "s3cr-et"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No `.env` of the checkout may speak in here."""
    monkeypatch.chdir(tmp_path)


def mistakes(environ: dict[str, str], config: Path | None = None) -> list[str]:
    """Give what is wrong with some settings."""
    with pytest.raises(SettingsError) as caught:
        load(config, environ=environ)
    assert str(caught.value) == "\n".join(caught.value.mistakes)
    return caught.value.mistakes


def test_without_any_setting_there_is_a_whole_installation_in_one_folder() -> None:
    settings = load(environ={})
    assert settings.telemetry() == "duckdb:///var/telemetry.duckdb"
    assert settings.database() == "sqlite:///var/smartpark.sqlite"
    assert settings.spool() == Path("var/spool.sqlite")
    assert settings.mqtt_url.get_secret_value() == "mqtt://127.0.0.1:1883"
    assert (settings.http_host, settings.http_port, settings.timezone) == ("127.0.0.1", 8000, "Asia/Shanghai")
    assert settings.model_fields_set == frozenset()


def test_every_default_would_be_accepted_if_it_were_written_down() -> None:
    written = {
        f"{PREFIX}{name.upper()}": str(value.get_secret_value() if isinstance(value, SecretStr) else value)
        for name, value in load(environ={})
        if value is not None
    }
    assert load(environ=written) == load(environ={})


def test_every_setting_is_described() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


# --- mistakes ---------------------------------------------------------------------------------------------------------

BAD = [
    ("MQTT_URL", "broker:1883", "a broker URL looks like mqtt://host:1883 or mqtts://user:password@host:8883"),
    ("MQTT_URL", "http://broker", "a broker URL looks like"),
    ("MQTT_URL", "mqtt://broker:70000", "the port must be a number from 1 to 65535"),
    ("MQTT_URL", "mqtt://broker/park", "nothing may follow the port"),
    ("GRAFANA_URL", "grafana:3000", "must look like https://grafana.park.lan or http://192.168.10.5:3000/grafana"),
    ("GRAFANA_URL", "http://admin:secret@grafana", "must look like https://"),
    ("GRAFANA_URL", "https://grafana/; script-src *", "must look like https://"),
    ("CONSOLE_URL", "http://console:70000", "must look like https://"),
    ("MQTT_PORT", "0", "greater than or equal to 1"),
    ("MQTT_PORT", "65536", "less than or equal to 65535"),
    ("MQTT_PORT", "many", "a valid integer"),
    ("MQTT_PASSWORD", SECRET, "needs a user name in SMARTPARK_MQTT_URL, as in mqtt://user@host:1883"),
    ("MQTT_CA_FILE", "nowhere.pem", "no such file"),
    ("MQTT_VERSION", "4", "'5' or '3.1.1'"),
    ("MQTT_DISCOVER", "hj212/+,a#", "comma between them"),
    ("MQTT_DISCOVER", "hj212/+,,x", "comma between them"),
    ("MQTT_DISCOVER", "park/#", "must not catch topics below"),
    ("MQTT_PREFIX", "/park", "neither start nor end with /"),
    ("MQTT_PREFIX", "park/", "neither start nor end with /"),
    ("MQTT_PREFIX", "park/#", "without wildcards"),
    ("MQTT_PREFIX", "+/v1", "without wildcards"),
    ("MQTT_PREFIX", "$share/a", "without wildcards"),
    ("TELEMETRY_URL", "var/telemetry.duckdb", "must look like duckdb:///"),
    ("TELEMETRY_URL", "duckdb://var/telemetry.duckdb", "must look like duckdb:///"),
    ("TELEMETRY_URL", "duckdb:///", "must look like duckdb:///"),
    ("TELEMETRY_URL", "duckdb:///:memory:", "must look like duckdb:///"),
    ("TELEMETRY_URL", "duckdb:///t.duckdb?read_only=1", "must look like duckdb:///"),
    ("TELEMETRY_URL", "postgresql://host/db", "must look like duckdb:///"),
    ("DATABASE_URL", "smartpark.sqlite", "must look like sqlite:///path or postgresql://"),
    ("DATABASE_URL", "mysql://host/db", "must look like sqlite:///path or postgresql://"),
    ("DATA_DIR", "what?", "must not contain a question mark"),
    ("TELEMETRY_URL", "duckdb:///what%3F.duckdb", "must look like duckdb:///"),
    ("HTTP_PORT", "-1", "greater than or equal to 1"),
    ("LANGUAGE", "en_GB", "'zh' or 'en'"),
    ("TIMEZONE", "China", "an IANA time zone such as Asia/Shanghai"),
    ("TIMEZONE", "Asia", "an IANA time zone such as Asia/Shanghai"),
    ("TIMEZONE", "../../etc/passwd", "an IANA time zone such as Asia/Shanghai"),
    ("LOG_LEVEL", "chatty", "'debug', 'info', 'warning' or 'error'"),
    ("SPOOL_BYTES", "1000", "greater than or equal to 1048576"),
    ("QUARANTINE_BYTES", "1e9", "a valid integer"),
    ("MQTT_ULR", "mqtt://broker", "no such setting"),
    ("HTTP_PORT_FILE", "port.txt", "no such setting"),
    ("", "x", "no such setting"),
]


@pytest.mark.parametrize(("name", "value", "words"), BAD, ids=[f"{row[0]}={row[1]}" for row in BAD])
def test_a_mistake_is_named_with_its_setting_and_a_sentence(name: str, value: str, words: str) -> None:
    [mistake] = mistakes({PREFIX + name: value})
    assert mistake.startswith(f"{PREFIX}{name}: ")
    assert words in mistake
    assert "Value error" not in mistake


def test_all_mistakes_are_named_at_once() -> None:
    found = mistakes(
        {
            "SMARTPARK_HTTP_PORT": "x", "SMARTPARK_LANGUAGE": "fr", "SMARTPARK_TYPO": "1", "SMARTPARK_MQTT_URL": "x",
            "SMARTPARK_MQTT_PASSWORD_FILE": "nowhere", "SMARTPARK_TIMEZONE": "Mars",
        },
        Path("nowhere.env"),
    )  # fmt: skip
    places = ["--config nowhere.env", *(f"SMARTPARK_{name}" for name in (
        "MQTT_PASSWORD_FILE", "TYPO", "MQTT_URL", "HTTP_PORT", "LANGUAGE", "TIMEZONE",
    ))]  # fmt: skip
    assert [mistake.partition(":")[0] for mistake in found] == places


def test_an_argument_that_is_no_setting_is_a_mistake_too() -> None:
    with pytest.raises(SettingsError, match="SMARTPARK_TYPO"):
        load(environ={}, typo=1)


# --- where they come from ---------------------------------------------------------------------------------------------


def test_an_argument_wins_over_the_environment_and_that_over_the_file() -> None:
    Path(".env").write_text("SMARTPARK_HTTP_PORT=1\nSMARTPARK_MQTT_PORT=1\nSMARTPARK_LANGUAGE=en\n")
    environ = {"SMARTPARK_HTTP_PORT": "2", "SMARTPARK_MQTT_PORT": "2"}
    settings = load(environ=environ, http_port=3, mqtt_port=None)
    assert (settings.http_port, settings.mqtt_port, settings.language) == (3, 2, "en")


def test_the_environment_is_the_process_s_own_unless_another_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMARTPARK_HTTP_PORT", "1234")
    assert load().http_port == 1234
    assert load(environ={}).http_port == 8000


def test_an_empty_value_is_none_as_compose_writes_it() -> None:
    settings = load(
        environ={"SMARTPARK_ADMIN_API_KEY": "", "SMARTPARK_HTTP_PORT": "", "SMARTPARK_INFLUX_TOKEN_FILE": ""}
    )
    assert (settings.admin_api_key, settings.http_port) == (None, 8000)


def test_dotenv_may_hold_what_other_programs_want_and_a_config_file_may_not() -> None:
    text = "# 园区\nGF_ADMIN=1\nexport SMARTPARK_LANGUAGE='en'\nSMARTPARK_DATA_DIR=\"数据 夹\"\n"
    Path(".env").write_text(text, encoding="utf-8")
    settings = load(environ={})
    assert (settings.language, settings.data_dir) == ("en", Path("数据 夹"))
    config = Path("park.env")
    config.write_text(text, encoding="utf-8")
    assert mistakes({}, config) == ["park.env: GF_ADMIN: no such setting; their names begin with SMARTPARK_"]


def test_a_config_file_takes_the_place_of_dotenv() -> None:
    Path(".env").write_text("SMARTPARK_HTTP_PORT=1\n")
    config = Path("park.env")
    config.write_text("SMARTPARK_LANGUAGE=en\n")
    settings = load(config, environ={})
    assert (settings.http_port, settings.language) == (8000, "en")


def test_a_typo_in_a_file_is_a_mistake_as_well() -> None:
    Path(".env").write_text("SMARTPARK_HTTP_PROT=1\n")
    assert mistakes({}) == ["SMARTPARK_HTTP_PROT: no such setting"]


def test_a_file_of_another_encoding_is_named() -> None:
    Path("park.env").write_bytes("SMARTPARK_DATA_DIR=数据".encode("gbk"))
    assert mistakes({}, Path("park.env")) == ["park.env: not written in UTF-8"]


def test_a_folder_is_no_config_file() -> None:
    assert mistakes({}, Path()) == ["--config .: no such file"]


# --- secrets ----------------------------------------------------------------------------------------------------------

SECRETS = sorted(name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation))
SAMPLE = {
    "mqtt_url": f"mqtt://user:{SECRET}@host",
    "database_url": f"postgresql://user:{SECRET}@host/db",
}
AROUND = {
    "mqtt_password": {"MQTT_URL": "mqtt://user@h"},
    "database_password": {"DATABASE_URL": "postgresql://user@h/d"},
}


def given(name: str) -> tuple[str, dict[str, str]]:
    """Give a value that a secret may have, and the settings without which it makes no sense."""
    return SAMPLE.get(name, SECRET), {PREFIX + other: value for other, value in AROUND.get(name, {}).items()}


def test_the_secrets_are_known() -> None:
    assert {"mqtt_url", "mqtt_password", "influx_token", "database_url", "admin_api_key"} <= set(SECRETS)
    suspicious = [name for name in Settings.model_fields if any(word in name for word in ("password", "token", "key"))]
    assert set(suspicious) <= set(SECRETS)


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("where", ["environment", "file"])
def test_a_secret_may_come_from_a_file_and_is_the_same_without_its_line_end(name: str, where: str) -> None:
    value, others = given(name)
    Path("secret").write_text(f"{value}\n", encoding="utf-8")
    pointer = {f"{PREFIX}{name.upper()}_FILE": "secret"}
    if where == "file":
        Path(".env").write_text("\n".join(f"{key}={value}" for key, value in pointer.items()))
        pointer = {}
    secret = getattr(load(environ=others | pointer), name)
    assert secret.get_secret_value() == value


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_shows_in_nothing_that_is_printed_logged_or_dumped(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    value, others = given(name)
    settings = load(environ=others | {PREFIX + name.upper(): value})
    logging.getLogger("test").warning("settings %s %r", settings, settings)
    shown = [
        str(settings), repr(settings), f"{settings}", caplog.text, settings.model_dump_json(),
        json.dumps(settings.model_dump(), default=str), str(dict(settings)),
    ]  # fmt: skip
    assert [text for text in shown if SECRET in text] == []


LEAKY = [
    {"MQTT_URL": f"mqtt://user:{SECRET}/more@host"},
    {"MQTT_URL": f"mqtt://user:{SECRET}@host:port"},
    {"MQTT_URL": f"mqtt://user:{SECRET}℀@host"},
    {"MQTT_URL": f"mqtt://user:{SECRET}@[::1"},
    {"MQTT_URL": f"user:{SECRET}@host"},
    {"MQTT_URL": "mqtt://host", "MQTT_PASSWORD": SECRET},
    {"DATABASE_URL": f"mysql://user:{SECRET}@host/db"},
    {"HTTP_PORT": SECRET},
    {"TIMEZONE": SECRET},
    {"TELEMETRY_URL": f"influx://user:{SECRET}@host"},
    {"TELEMETRY_URL": f"influxdb://user:{SECRET}℀@host"},
    {"TELEMETRY_URL": f"influxdb://user:{SECRET}@host:port"},
    {"TELEMETRY_URL": f"influxdb://user:{SECRET}@host"},
    {"NO_SUCH_TOKEN": SECRET},
    {"ADMIN_API_KEY": SECRET, "HTTP_PORT": "x"},
]


@pytest.mark.parametrize("environ", LEAKY, ids="+".join)
def test_no_mistake_repeats_what_was_written_for_it_may_be_a_secret_in_the_wrong_place(environ: dict[str, str]) -> None:
    with pytest.raises(SettingsError) as caught:
        load(environ={PREFIX + name: value for name, value in environ.items()})
    told = "".join(traceback.format_exception(caught.value)).replace("from traceback", "")
    assert SECRET not in "\n".join(line for line in told.splitlines() if not line.lstrip().startswith("{"))


def test_a_secret_s_file_that_is_missing_or_empty_or_not_text_is_named_with_its_path() -> None:
    Path("empty").write_text("\n")
    Path("binary").write_bytes(b"\xff\xfe\x00")
    found = mistakes(
        {
            "SMARTPARK_ADMIN_API_KEY_FILE": "empty", "SMARTPARK_INFLUX_TOKEN_FILE": "nowhere",
            "SMARTPARK_MQTT_URL_FILE": "binary", "SMARTPARK_DATABASE_URL_FILE": ".",
        }
    )  # fmt: skip
    assert found == [
        "SMARTPARK_ADMIN_API_KEY_FILE: the file is empty (empty)",
        "SMARTPARK_DATABASE_URL_FILE: Is a directory (.)",
        "SMARTPARK_INFLUX_TOKEN_FILE: No such file or directory (nowhere)",
        "SMARTPARK_MQTT_URL_FILE: not written in UTF-8 (binary)",
    ]


def test_a_secret_given_twice_is_a_mistake() -> None:
    Path("secret").write_text("one")
    found = mistakes({"SMARTPARK_INFLUX_TOKEN": "two", "SMARTPARK_INFLUX_TOKEN_FILE": "secret"})
    assert found == ["SMARTPARK_INFLUX_TOKEN_FILE: SMARTPARK_INFLUX_TOKEN is given as well; give one of the two"]


def test_settings_cannot_be_changed_afterwards() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load(environ={}).http_port = 1  # type: ignore[misc]  # that is the point


@pytest.mark.parametrize(
    ("given", "filters"),
    [(None, ("hj212/+",)), ("none", ()), ("tele/#, spBv1.0/#", ("tele/#", "spBv1.0/#"))],
    ids=["by default loggers", "nobody", "what is named"],
)
def test_where_strangers_are_heard(given: str | None, filters: tuple[str, ...]) -> None:
    environ = {} if given is None else {"SMARTPARK_MQTT_DISCOVER": given}
    assert load(environ=environ).discover() == filters
