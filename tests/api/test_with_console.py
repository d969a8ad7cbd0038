"""API and console in one application: neither takes the other's addresses."""

import subprocess
import sys
from pathlib import Path

# NiceGUI is one for a process and has its own ways under pytest: it is tried as it runs.
PROGRAM = """
import sys
from pathlib import Path
from adapters import clock, settings
from adapters.duckdb_store import DuckDBStore
from adapters.relational import engine, migrate
from api import bootstrap
from tests.api.web import Web

folder = Path(sys.argv[1])
chosen = settings.load(environ={}, data_dir=folder, mqtt_url="mqtt://127.0.0.1:9", admin_api_key="spk_of_the_test_0001")
store = engine.connect(chosen.database())
migrate.upgrade(store)
telemetry = DuckDBStore(folder / "telemetry.duckdb")
app = bootstrap.build(settings=chosen, engine=store, telemetry=telemetry, clock=clock.now)

def told(web, method, path, accept="*/*"):
    answer = web.request(method, path, headers={"Accept": accept})
    kind = answer.headers.get("content-type", "").split(";")[0]
    print(method, path, answer.status_code, kind, answer.headers.get("location", ""))

with Web(app) as nobody:
    told(nobody, "GET", "/")
    told(nobody, "GET", "/", "text/html")
    told(nobody, "GET", "/sign-in", "text/html")
    told(nobody, "GET", "/api/v1/nothing", "text/html")
with Web(app, key="spk_of_the_test_0001") as admin:
    told(admin, "GET", "/api/v1/nothing")
    told(admin, "GET", "/api/v1/meters/")
    told(admin, "PATCH", "/api/v1/meters")
    told(admin, "POST", "/metrics")
    told(admin, "GET", "/api/v1/meters")
    told(admin, "GET", "/api/v1/openapi.json")
telemetry.close()
store.dispose()
"""

EXPECTED = """\
GET / 401 application/problem+json
GET / 303  /sign-in?next=/
GET /sign-in 200 text/html
GET /api/v1/nothing 401 application/problem+json
GET /api/v1/nothing 404 application/problem+json
GET /api/v1/meters/ 404 application/problem+json
PATCH /api/v1/meters 405 application/problem+json
POST /metrics 405 application/problem+json
GET /api/v1/meters 200 application/json
GET /api/v1/openapi.json 200 application/json
"""


def test_a_wrong_address_of_the_api_is_a_problem_and_not_a_page(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path)], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert [line.rstrip() for line in done.stdout.splitlines()] == EXPECTED.splitlines()
