"""Each account may do what its work needs and nothing else."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from park.broker_rights import MANY, SERVICES, BrokerAccount, Right, Verb, WrongGateway, accounts
from park.partition import read
from park.place import IDENTIFIER, Meter
from park.topic import Channel, parse
from tests.park.examples import meter, registry


def through(gateway: object, name: str) -> Meter:
    """Make a meter that speaks through a gateway."""
    return replace(meter(name), options={"gateway": gateway})


def by_user(found: Sequence[BrokerAccount]) -> dict[str, BrokerAccount]:
    """Index accounts."""
    assert len({account.user for account in found}) == len(found)
    return {account.user: account for account in found}


def catches(pattern: str, topic: str) -> bool:
    """Tell whether a filter catches a topic, as MQTT says."""
    wanted, given = pattern.split("/"), topic.split("/")
    if wanted[-1] == "#":
        wanted, given = wanted[:-1], given[: len(wanted) - 1]
    return len(wanted) == len(given) and all(w in {"+", g} for w, g in zip(wanted, given, strict=True))


def test_a_meter_writes_every_channel_of_its_own_and_reads_nothing() -> None:
    account = by_user(accounts(registry(meter("m1"), meter("m2"))))["m1"]
    assert account.meters == ("m1",)
    assert {right.verb for right in account.rights} == {Verb.WRITE}
    addresses = [parse(right.topic) for right in account.rights]
    assert {address.meter for address in addresses} == {"m1"}
    assert [address.channel for address in addresses] == list(Channel)


def test_a_device_cannot_speak_in_the_topic_of_an_alert() -> None:
    found = by_user(accounts(registry(meter("m1"))))
    topic = "park/v1/hengkou/e01/m1/alert/gas-high"
    assert not any(catches(right.topic, topic) for right in found["m1"].rights)
    may = {
        (user, right.verb) for user, account in found.items() for right in account.rights if catches(right.topic, topic)
    }
    assert may == {("smartpark.rules", Verb.WRITE), ("smartpark.panel", Verb.READ)}


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.user)
def test_no_service_of_ours_can_say_what_a_meter_says(service: tuple[str, ...]) -> None:
    rights = by_user(accounts(registry(meter("m1"))))[service[0]].rights
    own = [f"park/v1/hengkou/e01/m1/{channel}" for channel in Channel]
    assert not [right for right in rights if right.verb is Verb.WRITE and any(catches(right.topic, o) for o in own)]


@pytest.mark.parametrize(
    ("user", "hears"),
    [
        ("smartpark.collector", {"data", "backfill"}),
        ("smartpark.rules", {"data", "state"}),
        ("smartpark.api", {"data", "backfill", "state", "meta"}),
        ("smartpark.hj212", set()),
        ("smartpark.panel", set()),
        ("smartpark.monitor", set()),
    ],
)
def test_a_service_hears_just_the_channels_it_works_with(user: str, hears: set[str]) -> None:
    rights = by_user(accounts(registry(meter("m1"))))[user].rights
    heard = {
        str(channel)
        for channel in Channel
        for right in rights
        if right.verb is Verb.READ and catches(right.topic, f"park/v1/hengkou/e01/m1/{channel}")
    }
    assert heard == hears


def test_only_the_rules_write_alerts_the_listener_frames_and_few_hear_the_broker_itself() -> None:
    found = [account for account in accounts(registry(meter("m1"))) if not account.meters]
    assert [account.user for account in found if any(right.verb is Verb.WRITE for right in account.rights)] == [
        "smartpark.rules",
        "smartpark.hj212",
    ]
    assert by_user(found)["smartpark.hj212"].rights == (Right(Verb.WRITE, "hj212/+"),)
    of_itself = {account.user: [one.topic for one in account.rights if one.topic.startswith("$")] for account in found}
    assert {user: topics for user, topics in of_itself.items() if topics} == {
        "smartpark.api": ["$SYS/broker/log/N"],
        "smartpark.monitor": ["$SYS/broker/#"],
    }


def test_a_collector_of_a_partition_has_an_account_that_hears_no_more_than_it() -> None:
    found = by_user(accounts(registry(meter("m1")), partitions=[read("park=hengkou"), read("park=hengkou")]))
    assert found["smartpark.collector.park.hengkou"].rights == (
        Right(Verb.READ, "park/v1/hengkou/+/+/data"),
        Right(Verb.READ, "park/v1/hengkou/+/+/backfill"),
    )


def test_a_gateway_speaks_for_its_meters_and_for_no_other() -> None:
    found = by_user(accounts(registry(through("g1", "m1"), through("g1", "m2"), meter("m3"))))
    assert "m1" not in found
    assert found["gateway.g1"].meters == ("m1", "m2")
    assert {parse(right.topic).meter for right in found["gateway.g1"].rights} == {"m1", "m2"}


@pytest.mark.parametrize("gateway", ["", "G1", "a.b", 7, ["g1"]])
def test_a_gateway_that_is_no_id_is_named_with_its_meter(gateway: object) -> None:
    with pytest.raises(WrongGateway, match="m1"):
        accounts(registry(through(gateway, "m1")))


def test_the_simulator_speaks_for_the_demo_meters_only_when_there_is_a_demo() -> None:
    assert "smartpark.simulator" not in by_user(accounts(registry(meter("m1"))))
    found = by_user(accounts(registry(meter("m1")), demo=[meter("d1")]))
    assert {parse(right.topic).meter for right in found["smartpark.simulator"].rights} == {"d1"}


def test_no_meter_can_have_the_name_of_another_kind_of_account() -> None:
    found = accounts(registry(through("g1", "m1")), partitions=[read("park=a")], demo=[meter("d1")])
    assert [account.user for account in found if IDENTIFIER.fullmatch(account.user)] == []


def test_every_topic_stands_below_the_prefix_that_is_set() -> None:
    for account in accounts(registry(meter("m1")), prefix="ankang/iot", partitions=[read("park=a")]):
        for right in account.rights:
            assert right.topic.startswith(("ankang/iot/", "$SYS/broker/", "hj212/"))


NODE = replace(
    meter("m7"), codec="sparkplug", options={"group": "g", "node": "gw", "device": "d7", "names": {"P": "p"}}
)
PACK = replace(meter("pack"), codec="senml", options={"topic": "senml/a"})


def foreign(account: BrokerAccount, verb: Verb) -> set[str]:
    """Give what an account may do outside the prefix."""
    return {
        right.topic for right in account.rights if right.verb is verb and not right.topic.startswith(("park/v1/", "$"))
    }


def test_a_gateway_writes_just_the_topics_of_its_meters_and_hears_what_is_said_to_it() -> None:
    found = by_user(accounts(registry(NODE, PACK, meter("m1"))))
    assert foreign(found["pack"], Verb.WRITE) == {"senml/a"}
    assert foreign(found["m1"], Verb.WRITE) == set()
    assert {"spBv1.0/g/NBIRTH/gw", "spBv1.0/g/DDATA/gw/d7"} <= foreign(found["m7"], Verb.WRITE)
    assert not any("CMD" in topic for topic in foreign(found["m7"], Verb.WRITE))
    assert foreign(found["m7"], Verb.READ) == {"spBv1.0/g/NCMD/gw"}


def test_our_services_hear_gateways_and_ask_them_for_their_births() -> None:
    found = by_user(accounts(registry(NODE, PACK), discover=["hj212/+"]))
    topics = foreign(found["pack"], Verb.WRITE) | foreign(found["m7"], Verb.WRITE)
    assert foreign(found["smartpark.collector"], Verb.READ) == topics | {"hj212/+"}
    for user in ("smartpark.rules", "smartpark.api"):
        assert foreign(found[user], Verb.READ) == topics
    asks = {user for user, account in found.items() if foreign(account, Verb.WRITE) == {"spBv1.0/g/NCMD/gw"}}
    assert asks == {"smartpark.collector", "smartpark.rules", "smartpark.api"}


def test_a_collector_of_a_partition_hears_and_asks_only_the_gateways_of_its_meters() -> None:
    other = replace(NODE, id="m8", enterprise="e02", options=dict(NODE.options) | {"node": "gw2"})
    found = by_user(accounts(registry(NODE, other), partitions=[read("enterprise=e02")], discover=["hj212/+"]))
    part = found["smartpark.collector.enterprise.e02"]
    assert foreign(part, Verb.WRITE) == {"spBv1.0/g/NCMD/gw2"}
    assert all("/gw2" in topic for topic in foreign(part, Verb.READ))
    assert foreign(part, Verb.READ)


def test_two_meters_of_one_gateway_have_each_right_once() -> None:
    both = [replace(NODE, id=name, options=dict(NODE.options) | {"gateway": "g1"}) for name in ("m7", "m8")]
    rights = by_user(accounts(registry(*both)))["gateway.g1"].rights
    assert len(set(rights)) == len(rights)


def test_many_topics_under_one_first_level_are_one_right_of_a_service_and_one_each_of_the_devices() -> None:
    plugs = [replace(PACK, id=f"p{n}", options={"topic": f"tele/{n}/SENSOR"}) for n in range(MANY + 1)]
    found = by_user(accounts(registry(PACK, *plugs)))
    assert foreign(found["smartpark.collector"], Verb.READ) == {"senml/a", "tele/#"}
    assert foreign(found["p7"], Verb.WRITE) == {"tele/7/SENSOR"}
    below = [replace(plug, options={"topic": f"park/v2/{plug.id}"}) for plug in plugs]
    assert len(foreign(by_user(accounts(registry(*below)))["smartpark.rules"], Verb.READ)) == MANY + 1
