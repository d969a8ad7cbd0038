"""Settings: from `SMARTPARK_*` in the environment, `.env` or `--config FILE`, checked whole before anything opens.

Every setting that is a secret can also come from a file whose path is in `SMARTPARK_…_FILE`.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "SMARTPARK_"
MIB = 1024 * 1024


class SettingsError(ValueError):
    """Settings that cannot be used; `mistakes` names every one of them."""

    def __init__(self, mistakes: list[str]) -> None:
        """Keep every mistake, a sentence each."""
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


class Settings(BaseSettings):
    """All that an installation can set.  Names are stable: added to, never renamed."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file_encoding="utf-8", extra="forbid", frozen=True)

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
    telemetry_url: str | None = Field(None, description="duckdb:///path; by default a file in the data folder.")
    influx_token: SecretStr | None = Field(None, description="InfluxDB token.")
    database_url: SecretStr | None = Field(None, description="SQLAlchemy URL; by default SQLite in the data folder.")
    http_host: str = Field("127.0.0.1", description="Address the API and console listen on.")
    http_port: Annotated[int, Field(ge=1, le=65535)] = Field(8000, description="Port of the API and console.")
    admin_api_key: SecretStr | None = Field(None, description="An API key with the admin role, for scripts.")
    language: Literal["zh", "en"] = Field("zh", description="First language of the console.")
    timezone: str = Field("Asia/Shanghai", description="The site's time zone: local days and what people see.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="What is logged.")
    spool_bytes: Annotated[int, Field(ge=MIB)] = Field(
        1024 * MIB, description="Most bytes the collector's spool keeps; beyond it messages stay with the broker."
    )
    quarantine_bytes: Annotated[int, Field(ge=MIB)] = Field(
        256 * MIB, description="Most payload bytes kept in quarantine; beyond it the oldest go, counted."
    )

    @field_validator("mqtt_url")
    @classmethod
    def _mqtt(cls, url: SecretStr) -> SecretStr:
        parts = urlsplit(url.get_secret_value())
        if parts.scheme not in {"mqtt", "mqtts"} or not parts.hostname:
            raise ValueError("must look like mqtt://host:1883 or mqtts://user@host:8883")
        return url

    @field_validator("mqtt_prefix")
    @classmethod
    def _prefix(cls, prefix: str) -> str:
        if not prefix or prefix.startswith(("/", "$")) or prefix.endswith("/") or set(prefix) & set("+#\0"):
            raise ValueError("must be a topic without wildcards, and neither start nor end with /")
        return prefix

    @field_validator("telemetry_url")
    @classmethod
    def _telemetry(cls, url: str | None) -> str | None:
        if url is not None and urlsplit(url).scheme != "duckdb":
            raise ValueError("must look like duckdb:///path/to/telemetry.duckdb")
        return url

    @field_validator("timezone")
    @classmethod
    def _zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("must be an IANA time zone such as Asia/Shanghai") from error
        return name

    def telemetry(self) -> str:
        """Give the URL of the telemetry store."""
        return self.telemetry_url or f"duckdb:///{self.data_dir / 'telemetry.duckdb'}"

    def database(self) -> str:
        """Give the SQLAlchemy URL of the relational store, password and all; never print it."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{self.data_dir / 'smartpark.sqlite'}"

    def spool(self) -> Path:
        """Give the path of the collector's spool."""
        return self.data_dir / "spool.sqlite"


def load(config: Path | None = None, *, environ: Mapping[str, str] | None = None, **given: object) -> Settings:
    """Read settings from every source; what is `given` wins.  Raises SettingsError with every mistake named."""
    environ = os.environ if environ is None else environ
    mistakes, files = _secret_files(environ)
    for path in [config] if config else []:
        if not path.is_file():
            mistakes.append(f"--config {path}: no such file")
    unknown = sorted(
        name
        for name in environ
        if name.startswith(PREFIX)
        and not name.startswith(f"{PREFIX}TEST_")
        and name.removeprefix(PREFIX).removesuffix("_FILE").lower() not in Settings.model_fields
        and name.removeprefix(PREFIX).lower() not in Settings.model_fields
    )
    mistakes += [f"{name}: no such setting" for name in unknown]
    chosen = files | {name: value for name, value in given.items() if value is not None}
    try:
        settings = Settings(_env_file=config or ".env", **chosen)  # type: ignore[call-arg,arg-type]  # pydantic's own
    except ValidationError as error:
        mistakes += [_sentence(dict(detail)) for detail in error.errors(include_input=False, include_url=False)]
    if mistakes:
        raise SettingsError(mistakes)
    return settings


def _secret_files(environ: Mapping[str, str]) -> tuple[list[str], dict[str, object]]:
    """Read the secrets that are given as `SMARTPARK_…_FILE`."""
    mistakes: list[str] = []
    found: dict[str, object] = {}
    for name in Settings.model_fields:
        variable = f"{PREFIX}{name.upper()}_FILE"
        if variable not in environ:
            continue
        try:
            found[name] = Path(environ[variable]).read_text(encoding="utf-8").strip()
        except OSError as error:
            mistakes.append(f"{variable}: {error.strerror} ({environ[variable]})")
    return mistakes, found


def _sentence(detail: Mapping[str, object]) -> str:
    place = detail["loc"]
    name = str(place[0]) if isinstance(place, tuple) and place else "?"
    return f"{PREFIX}{name.upper()}: {detail['msg']}"
