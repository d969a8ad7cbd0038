"""An edge node of another implementation, over a real broker: what it says is stored, and it does what it is asked.

It runs in a Python of its own, which SMARTPARK_TEST_PYSPARKPLUG names; see tests/park/test_sparkplug_golden.py.
"""

import os
import subprocess
from contextlib import ExitStack
from pathlib import Path

import pytest

from park.registry_file import check
from tests.e2e.program import Program, until
from tests.e2e.stored import quarantined, register, rows
from tests.mosquitto import Mosquitto, StartMosquitto
from tests.programs import PYSPARKPLUG

NODE = """
import queue, sys, threading, time
import pysparkplug as p

DOUBLE, UINT64 = p.DataType.DOUBLE, p.DataType.UINT64

def now():
    return time.time_ns() // 1_000_000

def metric(name, kind, value, alias):
    return p.Metric(timestamp=now(), name=name, datatype=kind, value=value, alias=alias)

todo = queue.Queue()

def commanded(node, message):
    for each in message.payload.metrics:
        todo.put(f"commanded {each.name} {each.value}")

node = p.EdgeNode("hengkou", "gw1", metrics=[], cmd_callback=commanded)
node.register(p.Device("m7", [metric("Meter/P", DOUBLE, 12450.5, 1), metric("Meter/Energy", UINT64, 9250000, 2)]))

def by_number(value):
    payload = p.DData(timestamp=now(), seq=node._seq, metrics=(metric(None, DOUBLE, value, 1),))
    topic = p.Topic(message_type=p.MessageType.DDATA, group_id="hengkou", edge_node_id="gw1", device_id="m7")
    node._client.publish(p.Message(topic=topic, payload=payload, qos=p.QoS.AT_LEAST_ONCE, retain=False))

def listen():
    for line in sys.stdin:
        todo.put(line.strip())
    todo.put("end")

node.connect("127.0.0.1", port=int(sys.argv[1]))
threading.Thread(target=listen, daemon=True).start()
while (word := todo.get()) != "end":
    if word.startswith("say "):
        by_number(float(word[4:]))
    elif word == "commanded Node Control/Rebirth True":
        print(word, flush=True)
        node.disconnect()
        node.connect("127.0.0.1", port=int(sys.argv[1]))
node._client._client.publish("hj212/unheard", b"the last", 1)
node.disconnect()
"""
METER = {
    "id": "m1", "enterprise": "e01", "role": "sub", "name": "表", "period": "15s", "medium": "electricity",
    "metrics": ["ep_imp", "p"],
    "codec": {"sparkplug": {"group": "hengkou", "node": "gw1", "device": "m7", "names": {
        "Meter/P": {"metric": "p", "unit": "W"}, "Meter/Energy": {"metric": "ep_imp", "unit": "Wh"},
    }}},
}  # fmt: skip
PARK = {"park": {"id": "hk", "name": "园区"}, "enterprises": [{"id": "e01", "name": "企业"}], "meters": [METER]}


def births(broker: Mosquitto) -> int:
    """Count the births of the device that reached the broker, or went on from there."""
    return broker.log.read_text("utf-8", errors="replace").count("'spBv1.0/hengkou/DBIRTH/gw1/m7'")


@pytest.mark.broker
def test_a_node_whose_birth_was_missed_is_born_again_when_asked(
    start_mosquitto: StartMosquitto, tmp_path: Path
) -> None:
    python = os.environ.get(PYSPARKPLUG)
    if not python:
        pytest.skip(f"{PYSPARKPLUG} names no Python that has pysparkplug")
    broker = start_mosquitto(persistence=True)
    (tmp_path / "data").mkdir()
    registry = check(PARK).registry
    assert registry is not None
    register(tmp_path / "data", registry)
    with ExitStack() as running:
        node = running.enter_context(
            subprocess.Popen(  # the Python that whoever runs the tests has named
                [python, "-c", NODE, broker.url.rpartition(":")[2]],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )
        )  # fmt: skip
        assert node.stdin is not None
        assert node.stdout is not None
        until(lambda: births(broker) == 1, "it is born, and nobody hears it")
        collector = running.enter_context(Program(tmp_path, "collector", "--data-dir", "data", mqtt_url=broker.url))
        collector.until(lambda: collector.events("topics of gateways' own"), "it has seen the registry")
        collector.until(lambda: collector.events("connected"), "it listens")
        node.stdin.write("say 1.0\n")
        node.stdin.flush()
        assert node.stdout.readline() == "commanded Node Control/Rebirth True\n"
        until(lambda: births(broker) > 1, "it is born again")
        node.stdin.write("say 12380.0\nend\n")
        node.stdin.flush()
        assert node.wait(60) == 0
        until(lambda: len(quarantined(tmp_path / "data")) > 1, "the last has come")
        assert collector.end() == 0, collector.err
    values = sorted((metric, value) for _, metric, _, value, _ in rows(tmp_path / "data"))
    assert values == [("ep_imp", 9250.0), ("p", 12.38), ("p", 12.4505)]
    held = {(group.reason, group.subject, group.count) for group in quarantined(tmp_path / "data")}
    assert held == {("no_birth", "hengkou/gw1/m7#1", 1), ("unknown_sender", "hj212/unheard", 1)}
