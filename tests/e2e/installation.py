"""A whole installation: `smartpark up` on free ports with a data folder of its own, and its HTTP API."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.e2e.program import Program
from tests.ports import LOOPBACK, free_port

ADMIN_KEY = "only-for-tests-0123456789-abcdefghijklmnop"
READY = "Ctrl-C"
"""`up` says how to stop it once everything runs."""


class Installation:
    """Where one installation lives; it may be started more than once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.http_port = free_port()
        self.mqtt_port = free_port()
        self.starts = 0

    @property
    def url(self) -> str:
        """Where its API and console are."""
        return f"http://{LOOPBACK}:{self.http_port}"

    @property
    def broker(self) -> str:
        """Where its embedded broker is."""
        return f"mqtt://{LOOPBACK}:{self.mqtt_port}"

    def program(self, *arguments: str | Path, **environ: str) -> Program:
        """Give `smartpark up`, not yet started."""
        self.starts += 1
        ports = ("--http-port", str(self.http_port), "--mqtt-port", str(self.mqtt_port))
        settings = {"admin_api_key": ADMIN_KEY} | environ
        name = f"up-{self.starts}"
        return Program(self.folder, "up", "--data-dir", self.data, *ports, *arguments, name=name, **settings)

    @contextmanager
    def up(self, *arguments: str | Path, **environ: str) -> Iterator[Program]:
        """Run it, from the moment it says that it is ready."""
        with self.program(*arguments, **environ) as program:
            program.until(lambda: READY in program.err, "it is ready")
            yield program

    def client(self, *, key: str | None = ADMIN_KEY) -> httpx.Client:
        """Give an HTTP client, as the administrator's script or as nobody."""
        headers = {"X-API-Key": key} if key else {}
        return httpx.Client(base_url=self.url, headers=headers, timeout=30, trust_env=False)

    def get(self, path: str, **query: str) -> Any:  # noqa: ANN401  # JSON
        """Ask the API as the administrator."""
        with self.client() as client:
            answer = client.get(path, params=query)
            assert answer.status_code == httpx.codes.OK, answer.text
            return answer.json()

    def is_ready(self) -> bool:
        """Tell whether it says that it can do its work."""
        try:
            with self.client(key=None) as client:
                return client.get("/readyz").status_code == httpx.codes.OK
        except httpx.TransportError:
            return False
