"""What the platform asks of every codec, whatever its dialect: one suite over all of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from park.decode import BY_CONTENT_TYPE, DIALECTS, Context, decode, read
from park.decode.memory import Memory
from park.malformed import Malformed
from park.reading import Claim
from park.reason import Reason
from park.registry_notes import Notes
from tests.park.codec_contract import keeps_its_word
from tests.park.examples import NOW
from tests.park.mutants import mutants
from tests.park.payloads import FOREIGN, json_values
from tests.park.speakers import speakers

every = pytest.mark.parametrize("codec", list(DIALECTS))
MESSAGES = [message for some in speakers().values() for message in some]
PAYLOADS = [message.payload for message in MESSAGES]


def test_every_dialect_has_devices_here() -> None:
    assert set(speakers()) == set(DIALECTS)


@every
def test_what_its_devices_send_is_read(codec: str) -> None:
    memory, claims = Memory(), 0
    for message in speakers()[codec]:
        try:
            claims += len(read(message.payload, message.context(memory)).claims)
        except Malformed as malformed:
            assert malformed.reason is Reason.INCOMPLETE, malformed  # noqa: PT017  # of a message in pieces the first
    assert claims


@every
def test_it_is_named_in_both_languages_and_knows_its_topics(codec: str) -> None:
    dialect = DIALECTS[codec]
    assert dialect.name == codec
    assert dialect.zh
    assert dialect.en
    for message in speakers()[codec]:
        for meter in message.meters:
            assert isinstance(dialect.topics(meter), tuple)
    assert [kind for kind in dialect.content_types if BY_CONTENT_TYPE[kind] != codec or kind != kind.lower()] == []


@every
@given(payload=st.one_of(st.binary(max_size=300), st.text(max_size=200).map(str.encode), st.sampled_from(FOREIGN)))
def test_any_bytes_are_claims_or_malformed(codec: str, payload: bytes) -> None:
    for message in speakers()[codec]:
        keeps_its_word(message, payload, Memory())


@every
def test_what_its_devices_send_made_wrong_is_claims_or_malformed(codec: str) -> None:
    memory = Memory()
    for number, message in enumerate(speakers()[codec]):
        for payload in mutants(number, message.payload, PAYLOADS, 300, seal=codec == "hj212"):
            keeps_its_word(message, payload, memory)
    again = Memory()
    again.load(memory.dump())
    assert again.dump() == memory.dump()


@every
@pytest.mark.parametrize(
    "giant",
    [b"", b"\0" * 100_000, b"[" * 100_000, b'{"a":' * 40_000, b"9" * 200_000, b"\xff" * 200_000, b"a=1," * 50_000,
     b"\n" * 200_000, b'"' * 100_001, b"m " + b"a=1," * 50_000, b"\\" * 200_000, b"##9999" + b";" * 200_000,
     b"\x12\x02" * 100_000, b"m,a=" + b"\\," * 100_000, b"[" + b"{}," * 80_000 + b"{}]"],
    ids=lambda giant: f"{giant[:8]!r}",
)  # fmt: skip
def test_too_much_of_anything_is_refused_and_ends(codec: str, giant: bytes) -> None:
    for message in speakers()[codec]:
        keeps_its_word(message, giant, Memory())


@every
def test_a_sender_that_nobody_registered_is_not_taken_for_another(codec: str) -> None:
    for message in speakers()[codec]:
        context = Context("", NOW, codec, "somewhere/else", ())
        if codec == "native":
            continue
        try:
            said = decode(message.payload, context)
        except Malformed as malformed:
            assert malformed.reason in {Reason.UNKNOWN_SENDER, Reason.TOPIC, Reason.NO_BIRTH}  # noqa: PT017
        else:
            assert said == []


@every
@given(options=st.dictionaries(st.text(max_size=8), json_values, max_size=4))
def test_its_check_of_options_never_fails_itself(codec: str, options: dict[str, object]) -> None:
    known = [*options]
    for message in speakers()[codec]:
        for meter in message.meters:
            given = {**meter.options, **options, **dict.fromkeys(list(meter.options)[: len(known)], options)}
            notes = Notes({})
            DIALECTS[codec].check(notes, f"codec.{codec}", given, meter.metrics)
            assert all(mistake.zh and mistake.en for mistake in notes.mistakes)


@every
def test_the_options_of_its_devices_are_sound(codec: str) -> None:
    for message in speakers()[codec]:
        for meter in message.meters:
            notes = Notes({})
            DIALECTS[codec].check(notes, f"codec.{codec}", meter.options, meter.metrics)
            assert notes.mistakes == []


@every
def test_the_same_messages_once_more_claim_the_same(codec: str) -> None:
    def told() -> list[list[Claim] | Reason]:
        memory = Memory()
        answers = [keeps_its_word(message, message.payload, memory) for message in speakers()[codec]]
        return [answer if isinstance(answer, Reason) else answer.claims for answer in answers]

    assert told() == told()
