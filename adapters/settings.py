"""Settings: from `SMARTPARK_*` in the environment, `.env` or `--config FILE`, checked whole before anything opens.

Every setting that is a secret can also come from a file whose path is in `SMARTPARK_…_FILE`.  An empty value counts as
not given, as compose files write it.  No sentence here repeats a value: it may be a secret in the wrong place.
"""

import os
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import quote, unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, ValidationInfo, field_validator

from adapters.endpoint import endpoint
from adapters.influx import target as influx
from adapters.page_address import page_address
from adapters.relational.address import takes_password, with_password
from adapters.settings_sources import PREFIX, gather
from park import partition
from park.partition import Partition
from park.routes import within
from park.topic_filter import is_filter

MIB = 1024 * 1024
Days = Annotated[int, Field(ge=0, le=36_500)]
NO_FILE = {"", "/", ":memory:"}
TELEMETRY_LOOKS = "must look like duckdb:///path.duckdb, duckdb:////absolute/path.duckdb or influxdb://…"
DATABASES = ("sqlite", "postgresql")


class SettingsError(ValueError):
    """Settings that cannot be used; `mistakes` names every one of them."""

    def __init__(self, mistakes: list[str]) -> None:
        """Keep every mistake, a sentence each."""
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


class Settings(BaseModel):
    """All that an installation can set.  Names are stable: added to, never renamed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    data_dir: Path = Field(Path("var"), description="Folder of everything the embedded stores keep.")
    mqtt_url: SecretStr = Field(
        SecretStr("mqtt://127.0.0.1:1883"), description="Broker: mqtt:// or mqtts://[user:password@]host[:port]."
    )
    mqtt_port: Annotated[int, Field(ge=1, le=65535)] = Field(
        1883, description="Port of the embedded broker, which `up` starts when no SMARTPARK_MQTT_URL is given."
    )
    mqtt_password: SecretStr | None = Field(None, description="Broker password, where it is not in the URL.")
    mqtt_ca_file: Path | None = Field(None, description="CA certificate that signed the broker's certificate.")
    mqtt_version: Literal["5", "3.1.1"] = Field("5", description="MQTT protocol version.")
    mqtt_prefix: str = Field("park/v1", description="First part of every topic.")
    mqtt_discover: str = Field(
        "hj212/+",
        description="Topics outside the prefix on which the collector hears devices nobody registered yet, so that "
        "they can be taken on: filters with a comma between them, or none.",
    )
    collector_partition: str | None = Field(
        None, description="What this collector takes: park=hengkou or enterprise=e01,e02; by default everything."
    )
    telemetry_url: str | None = Field(
        None,
        description="duckdb:///path or influxdb://host:8086?org=park&api=v2 (?api=v1 for 1.x, influxdbs:// over TLS); "
        "by default a DuckDB file in the data folder.",
    )
    influx_token: SecretStr | None = Field(None, description="InfluxDB token; with api=v1 user:password.")
    influx_ca_file: Path | None = Field(None, description="CA certificate that signed InfluxDB's certificate.")
    influx_raw_days: Days = Field(400, description="Days that `store init` has InfluxDB keep readings; 0 is for ever.")
    influx_15m_days: Days = Field(1_826, description="Days that 15-minute slots are kept; 0 is for ever.")
    influx_1h_days: Days = Field(3_652, description="Days that hourly slots are kept; 0 is for ever.")
    influx_1d_days: Days = Field(0, description="Days that daily slots are kept; 0 is for ever.")
    database_url: SecretStr | None = Field(None, description="SQLAlchemy URL; by default SQLite in the data folder.")
    database_password: SecretStr | None = Field(None, description="PostgreSQL password, where it is not in the URL.")
    database_collector_password: SecretStr | None = Field(
        None, description="Password that `store init` gives the database user of the collector."
    )
    database_rules_password: SecretStr | None = Field(
        None, description="Password that `store init` gives the database user of the rules service."
    )
    database_api_password: SecretStr | None = Field(
        None, description="Password that `store init` gives the database user of the API."
    )
    database_grafana_password: SecretStr | None = Field(
        None, description="Password that `store init` gives the database user of Grafana, which may only read."
    )
    http_host: str = Field("127.0.0.1", description="Address the API and console listen on.")
    http_port: Annotated[int, Field(ge=1, le=65535)] = Field(8000, description="Port of the API and console.")
    status_host: str = Field("127.0.0.1", description="Address of the status page of `collector` and `rules`.")
    status_port: Annotated[int, Field(ge=1, le=65535)] | None = Field(
        None, description="Port of that page, with /healthz and /metrics; by default there is none."
    )
    hj212_host: str = Field("127.0.0.1", description="Address the HJ 212 listener takes loggers' TCP connections on.")
    hj212_port: Annotated[int, Field(ge=1, le=65535)] | None = Field(
        None, description="Port of that listener, such as 9212; by default there is none."
    )
    admin_api_key: SecretStr | None = Field(None, description="An API key with the admin role, for scripts.")
    console_url: str | None = Field(
        None, description="Address of the console as browsers reach it, for Grafana's links."
    )
    grafana_url: str | None = Field(
        None, description="Address of Grafana as browsers reach it; the console then shows its boards."
    )
    grafana_user: str | None = Field(
        None, description="Grafana's server administrator, where SMARTPARK_GRAFANA_TOKEN is that user's password."
    )
    grafana_token: SecretStr | None = Field(
        None, description="Service account token of Grafana for `grafana sync`, or a password beside _USER."
    )
    grafana_api_key: SecretStr | None = Field(
        None, description="An API key of the viewer role, with which Grafana says that the platform is silent."
    )
    language: Literal["zh", "en"] = Field("zh", description="First language of the console.")
    timezone: str = Field("Asia/Shanghai", description="The site's time zone: local days and what people see.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="What is logged.")
    spool_bytes: Annotated[int, Field(ge=MIB)] = Field(
        1024 * MIB, description="Most bytes the collector's spool keeps; beyond it messages stay with the broker."
    )
    quarantine_bytes: Annotated[int, Field(ge=MIB)] = Field(
        256 * MIB, description="Most payload bytes kept in quarantine; beyond it the oldest go, counted."
    )

    @field_validator("data_dir")
    @classmethod
    def _folder(cls, folder: Path) -> Path:
        if "?" in str(folder):
            raise ValueError("must not contain a question mark, which DuckDB does not take in a path")
        return folder.expanduser()

    @field_validator("mqtt_url")
    @classmethod
    def _mqtt(cls, url: SecretStr) -> SecretStr:
        endpoint(url.get_secret_value())
        return url

    @field_validator("mqtt_password")
    @classmethod
    def _password(cls, password: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        url = info.data.get("mqtt_url")  # None where it is a mistake itself
        if password is not None and url is not None and endpoint(url.get_secret_value()).user is None:
            raise ValueError("needs a user name in SMARTPARK_MQTT_URL, as in mqtt://user@host:1883")
        return password

    @field_validator("mqtt_ca_file", "influx_ca_file")
    @classmethod
    def _ca(cls, path: Path | None) -> Path | None:
        if path is not None and not path.is_file():
            raise ValueError("no such file")
        return path

    @field_validator("console_url", "grafana_url")
    @classmethod
    def _page(cls, url: str | None) -> str | None:
        return None if url is None else page_address(url)

    @field_validator("mqtt_prefix")
    @classmethod
    def _prefix(cls, prefix: str) -> str:
        if not prefix or prefix.startswith(("/", "$")) or prefix.endswith("/") or set(prefix) & set("+#\0"):
            raise ValueError("must be a topic without wildcards, and neither start nor end with /")
        if not prefix.isprintable() or prefix != prefix.strip():
            raise ValueError("must have no line breaks, and neither start nor end with a space")
        return prefix

    @field_validator("mqtt_discover")
    @classmethod
    def _discover(cls, text: str, info: ValidationInfo) -> str:
        names = [name.strip() for name in text.split(",") if name.strip() != "none"]
        if not all(map(is_filter, names)):
            raise ValueError("must be topic filters with a comma between them, such as hj212/+,spBv1.0/#, or none")
        if any(within(name, info.data.get("mqtt_prefix", "park/v1")) for name in names):
            raise ValueError("must not catch topics below SMARTPARK_MQTT_PREFIX, which are heard anyway")
        return ",".join(names)

    @field_validator("collector_partition")
    @classmethod
    def _partition(cls, text: str | None) -> str | None:
        return str(partition.read(text)) if text else None

    @field_validator("telemetry_url")
    @classmethod
    def _telemetry(cls, url: str | None) -> str | None:
        if url is None:
            return None
        try:
            parts = urlsplit(url)
        except ValueError:  # its words repeat the URL
            raise ValueError(TELEMETRY_LOOKS) from None
        if parts.scheme in influx.SCHEMES:
            influx.read(url)
            return url
        file = unquote(parts.path).removeprefix("/")
        if parts.scheme != "duckdb" or parts.netloc or parts.query or parts.fragment or "?" in file or file in NO_FILE:
            raise ValueError(TELEMETRY_LOOKS)
        return url

    @field_validator("influx_token")
    @classmethod
    def _token(cls, token: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        url = info.data.get("telemetry_url") or ""
        v1 = urlsplit(url).scheme in influx.SCHEMES and influx.read(url).api is influx.Api.V1
        if token is not None and v1 and not all(token.get_secret_value().partition(":")):
            raise ValueError("must be user:password for InfluxDB 1.x (api=v1 in SMARTPARK_TELEMETRY_URL)")
        return token

    @field_validator("database_url")
    @classmethod
    def _database(cls, url: SecretStr | None) -> SecretStr | None:
        scheme = "" if url is None else url.get_secret_value().partition("://")[0].partition("+")[0]
        if url is not None and scheme not in DATABASES:
            raise ValueError("must look like sqlite:///path or postgresql://user:password@host/name")
        return url

    @field_validator("database_password")
    @classmethod
    def _database_password(cls, password: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        url = info.data.get("database_url")  # None where it is a mistake itself, or not given
        if (
            password is not None
            and "database_url" in info.data
            and not (url and takes_password(url.get_secret_value()))
        ):
            raise ValueError("needs a user name in SMARTPARK_DATABASE_URL, as in postgresql://user@host/name")
        return password

    @field_validator("timezone")
    @classmethod
    def _zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError("must be an IANA time zone such as Asia/Shanghai") from error
        return name

    def telemetry(self) -> str:
        """Give the URL of the telemetry store."""
        return self.telemetry_url or f"duckdb:///{quote(str(self.data_dir / 'telemetry.duckdb'))}"

    def influx_target(self) -> influx.Target | None:
        """Give the InfluxDB that keeps the readings; None where they are kept elsewhere."""
        if urlsplit(self.telemetry()).scheme not in influx.SCHEMES:
            return None
        token = self.influx_token.get_secret_value() if self.influx_token else None
        return influx.read(self.telemetry(), token=token, ca_file=self.influx_ca_file)

    def influx_keeping(self) -> dict[str, timedelta | None]:
        """Give how long each resolution is kept; None is for ever."""
        days = {"raw": self.influx_raw_days, "15m": self.influx_15m_days}
        days |= {"1h": self.influx_1h_days, "1d": self.influx_1d_days}
        return {name: timedelta(days=count) if count else None for name, count in days.items()}

    def database(self) -> str:
        """Give the SQLAlchemy URL of the relational store, password and all; never print it."""
        if self.database_url is not None:
            password = self.database_password.get_secret_value() if self.database_password else None
            return with_password(self.database_url.get_secret_value(), password)
        path = str(self.data_dir / "smartpark.sqlite").replace("%", "%25")  # as SQLAlchemy 2.1 reads it again
        return f"sqlite:///{path}"

    def partition(self) -> Partition | None:
        """Give the part of the stream this installation's collector takes; None is all of it."""
        return partition.read(self.collector_partition) if self.collector_partition else None

    def discover(self) -> tuple[str, ...]:
        """Give the filters on which devices are heard that nobody registered."""
        return tuple(self.mqtt_discover.split(",")) if self.mqtt_discover else ()

    def spool(self) -> Path:
        """Give the path of the collector's spool."""
        return self.data_dir / "spool.sqlite"


def load(config: Path | None = None, /, *, environ: Mapping[str, str] | None = None, **given: object) -> Settings:
    """Read settings from every source; what is `given` wins.  Raises SettingsError with every mistake named."""
    secrets = {
        name for name, field in Settings.model_fields.items() if field.annotation in {SecretStr, SecretStr | None}
    }
    values, mistakes = gather(
        os.environ if environ is None else environ, config, names=set(Settings.model_fields), secrets=secrets
    )
    values |= {name: value for name, value in given.items() if value is not None}
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        mistakes += [_sentence(dict(detail)) for detail in error.errors(include_input=False, include_url=False)]
    if mistakes:
        raise SettingsError(mistakes)
    return settings


def _sentence(detail: Mapping[str, object]) -> str:
    place = detail["loc"]
    name = str(place[0]) if isinstance(place, tuple) and place else "?"
    return f"{PREFIX}{name.upper()}: {str(detail['msg']).removeprefix('Value error, ')}"
