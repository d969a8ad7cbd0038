"""The simulated park as a process of its own, so that what it costs is not the platform's."""

import json
import os
import subprocess
import sys

from adapters.settings import Settings

GRACE = 15.0
"""Seconds to say goodbye for its devices and to have everything acknowledged."""


class Simulator:
    """Loads as soon as it is made, runs from `start` on, and ends with us however we end."""

    def __init__(self, settings: Settings) -> None:
        environ = os.environ | {"SMARTPARK_MQTT_URL": settings.mqtt_url.get_secret_value()}
        environ |= {"SMARTPARK_MQTT_VERSION": settings.mqtt_version, "SMARTPARK_MQTT_PREFIX": settings.mqtt_prefix}
        if settings.mqtt_password:
            environ["SMARTPARK_MQTT_PASSWORD"] = settings.mqtt_password.get_secret_value()
        self._process = subprocess.Popen(  # our own program
            [sys.executable, "-m", "smartpark.child"],
            stdin=subprocess.PIPE,
            env=environ,
            start_new_session=True,  # Ctrl-C is for us; we ask it to stop at its turn
        )

    def start(self, *, history_days: int, register_days: int = 0) -> None:
        """Let it run; what it does not hear because it is gone shows in `exit_code`."""
        pipe = self._process.stdin
        if pipe is None:
            return
        try:
            days = ["--history-days", str(history_days), "--register-days", str(register_days)]
            pipe.write(json.dumps(["simulate", *days]).encode() + b"\n")
            pipe.flush()
        except BrokenPipeError:
            return

    def exit_code(self) -> int | None:
        """Give how it ended, or None while it runs."""
        return self._process.poll()

    def stop(self) -> None:
        """Ask it to stop, and wait; a second time does nothing."""
        process = self._process
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(GRACE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if process.stdin and not process.stdin.closed:
            process.stdin.close()
