"""A drill from the command line through a whole installation: who got it is counted, and who did not is named."""

import json
from datetime import datetime
from pathlib import Path

from adapters.clock import now
from adapters.relational import receivers
from adapters.relational.engine import connect
from park.receiver import Receiver, Way
from park.severity import Severity
from tests.e2e.installation import Installation
from tests.e2e.program import run
from tests.http_receiver import http_receiver
from tests.ports import LOOPBACK, free_port

MAJOR_ONLY = Receiver(id="duty", name="值班", way=Way.WEBHOOK, least=Severity.CRITICAL)


def test_a_drill_reaches_whoever_can_be_reached_and_says_who_was_not(tmp_path: Path) -> None:
    house = Installation(tmp_path)
    with http_receiver() as hook, house.up("--no-simulator"):
        engine = connect(f"sqlite:///{house.data / 'smartpark.sqlite'}")
        receivers.save(engine, MAJOR_ONLY, address=hook.url, secret="s" * 32, who="test", now=now())
        code, out, err = run(tmp_path, "rules", "drill", "--data-dir", house.data, "--json", name="drill-1")
        assert code == 0, err
        found = {one["receiver"]: one for one in json.loads(out)["receivers"]}
        assert set(found) == {"duty", "console"}, "a drill has no meter, and so no topic"
        assert {one["state"] for one in found.values()} == {"sent"}
        [posted] = hook.wait_for(1)
        told = json.loads(posted.body)
        assert told["drill"] is True
        assert told["title"].startswith("【演练】")
        assert datetime.fromisoformat(told["at"]).tzinfo is not None
        gone = Receiver(id="gone", name="失联", way=Way.WEBHOOK)
        nowhere = f"http://{LOOPBACK}:{free_port()}/"
        receivers.save(engine, gone, address=nowhere, secret="s" * 32, who="test", now=now())
        engine.dispose()
        code, out, _ = run(
            tmp_path, "rules", "drill", "--receiver", "gone", "--wait", "2", "--data-dir", house.data, name="drill-2"
        )
        assert code == 1
        assert "演练: 0 / 1 位接收人已收到。" in out
        assert "gone: 未送达, 已试" in out
        code, _, err = run(tmp_path, "rules", "drill", "--receiver", "nobody", "--data-dir", house.data, name="drill-3")
        assert (code, err) == (1, "没有接收人 nobody; 现有: duty, gone。\n")


def test_where_nothing_watches_a_drill_says_so(tmp_path: Path) -> None:
    code, _, err = run(tmp_path, "rules", "drill", "--data-dir", tmp_path / "data", name="drill")
    assert code == 1
    assert "告警服务没有响应" in err
