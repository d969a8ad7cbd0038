"""A data logger that speaks TCP only, through the listener, a real broker and the collector, to what is stored."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters import registry_yaml
from park.decode.hj212_frame import Frame, build, parse
from park.decode.hj212_write import encode
from park.instant import to_ms
from park.quality import Quality
from park.reading import Reading
from park.registry_file import check
from tests.collector.hj212_logger import Logger
from tests.e2e.installation import Installation
from tests.e2e.program import Program, until
from tests.e2e.stored import quarantined, register, rows
from tests.e2e.test_dialects import subscribed
from tests.mosquitto import Mosquitto
from tests.park.hj212_frames import WATER
from tests.ports import free_port

MN = "81733553213013"
PARK = {
    "park": {"id": "hk", "name": "园区"},
    "enterprises": [{"id": "e01", "name": "企业"}],
    "meters": [
        {
            "id": "outlet",
            "enterprise": "e01",
            "medium": "water",
            "role": "outlet",
            "name": "总排口",
            "period": "5m",
            "metrics": ["cod", "nh3n", "tn", "tp", "ph"],
            "codec": {"hj212": {"mn": MN, "pw": "123456"}},
        },
        {
            "id": "weir",
            "enterprise": "e01",
            "medium": "water",
            "role": "outlet",
            "name": "流量计",
            "period": "5m",
            "metrics": ["flow"],
            "codec": {"hj212": {"mn": MN}},
        },
    ],
}


@pytest.mark.broker
def test_what_a_logger_was_answered_is_stored(mosquitto: Mosquitto, tmp_path: Path) -> None:
    checked = check(PARK)
    assert checked.registry is not None, checked.mistakes
    (tmp_path / "data").mkdir()
    register(tmp_path / "data", checked.registry)
    port = free_port()
    now = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=1)
    live = encode(
        [Reading("outlet", name, value, now, quality) for name, value, quality in LIVE], mn=MN, flag=9, most=200
    )
    assert len(live) > 1, "it comes in pieces"
    golden = parse(WATER)
    with (
        Program(tmp_path, "collector", "--data-dir", "data", name="collector", mqtt_url=mosquitto.url) as collector,
        Program(
            tmp_path, "hj212", "--data-dir", "data", name="hj212", mqtt_url=mosquitto.url, hj212_port=str(port)
        ) as listener,
    ):
        collector.until(lambda: subscribed(mosquitto, "hj212/+"), "it hears the listener")
        listener.until(lambda: listener.events("HJ 212 listener"), "it listens")
        with Logger(port) as logger:
            for frame in (
                build(golden._replace(flag=5)),
                *live,
                b"noise\r\n" + build(Frame("1", "32", "9015", "123456", MN, 9)),
            ):
                logger.say(frame)
                answer = logger.answer()
                assert answer is not None
                assert (answer.st, answer.mn, answer.cn) == ("91", MN, "9013" if b"9015" in frame else "9014")
            logger.say(
                build(Frame("2", "32", "2011", "123456", "STRANGER", 5, cp="DataTime=20261123080000;w01018-Rtd=1"))
            )
            assert logger.answer() is not None
        until(lambda: quarantined(tmp_path / "data"), "the stranger, who came last, is held")
        assert listener.end() == 0, listener.err
        assert collector.end() == 0, collector.err
    found = {(meter, metric, ms): (value, quality) for meter, metric, ms, value, quality in rows(tmp_path / "data")}
    old = {(meter, metric): value for (meter, metric, ms), (value, _) in found.items() if ms < to_ms(now)}
    assert old == {
        ("weir", "flow"): pytest.approx(181.682 * 3.6),
        ("outlet", "tn"): 45.16,
        ("outlet", "tp"): 1.97,
        ("outlet", "nh3n"): 53.131,
        ("outlet", "cod"): 194.2,
        ("outlet", "ph"): 7.496,
    }
    fresh = {metric: said for (_, metric, ms), said in found.items() if ms == to_ms(now)}
    assert {name: value for name, (value, _) in fresh.items()} == pytest.approx(
        {name: value for name, value, _ in LIVE}
    )
    assert {name: quality for name, (_, quality) in fresh.items()} == {name: quality for name, _, quality in LIVE}


def test_with_a_port_set_the_whole_platform_listens_for_loggers_too(tmp_path: Path) -> None:
    checked = check(PARK)
    assert checked.registry is not None, checked.mistakes
    house, port = Installation(tmp_path), free_port()
    park = tmp_path / "park.yaml"
    park.write_text(registry_yaml.write(checked.registry), "utf-8")
    now = datetime.now(UTC).replace(microsecond=0)
    [frame] = encode([Reading("outlet", "cod", 36.5, now)], mn=MN, flag=5)
    with house.up("--no-simulator", "--park", park, hj212_port=str(port)) as program:
        program.until(house.is_ready, "it is ready")
        with Logger(port) as logger:
            logger.say(frame)
            assert logger.answer() is not None

        def latest() -> list[tuple[str, str, float]]:
            items = house.get("/api/v1/readings/latest")["items"]
            return [(item["meter"], item["metric"], item["value"]) for item in items]

        program.until(latest, "the reading is there")
        assert latest() == [("outlet", "cod", 36.5)]
        with house.client() as client:
            assert "smartpark_hj212_published_total 1.0" in client.get("/metrics").text
        assert program.end() == 0, program.err


LIVE = [
    ("cod", 36.5, 0),
    ("nh3n", 1.25, int(Quality.MAINTENANCE)),
    ("tn", 9.5, int(Quality.FAULT)),
    ("tp", 0.25, int(Quality.SUBSTITUTED)),
    ("ph", 7.25, 0),
    ("flow", 120.0, int(Quality.UNCERTAIN)),
]
