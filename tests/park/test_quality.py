"""Quality: bits that keep their numbers, and names for all of them."""

from functools import reduce
from operator import or_

from hypothesis import given
from hypothesis import strategies as st

from park.quality import BY_NAME, Quality, names

FLAGS = [flag for flag in Quality if flag]


def test_the_numbers_are_stored_and_never_change() -> None:
    assert {flag.name: int(flag) for flag in FLAGS} == {
        "UNCERTAIN": 1,
        "ESTIMATED": 2,
        "SUBSTITUTED": 4,
        "MAINTENANCE": 8,
        "CALIBRATION": 16,
        "FAULT": 32,
        "STOPPED": 64,
        "RECEIVE_TIME": 128,
        "IMPLAUSIBLE": 256,
    }


def test_good_is_nothing_against_it() -> None:
    assert int(Quality.GOOD) == 0
    assert names(0) == ("good",)


@given(st.sets(st.sampled_from(FLAGS)))
def test_every_set_of_flags_is_named_and_found_again_by_its_names(flags: set[Quality]) -> None:
    quality = int(reduce(or_, flags, Quality.GOOD))
    assert set(names(quality)) == ({flag.name.lower() for flag in flags if flag.name} or {"good"})
    assert sum(BY_NAME[name] for name in names(quality)) == quality


def test_bits_of_a_newer_version_show_as_their_number() -> None:
    assert names(512) == ("512",)
    assert names(512 | 1024 | Quality.FAULT) == ("fault", "1536")


def test_every_flag_has_a_name_that_a_payload_can_carry() -> None:
    assert {int(flag) for flag in BY_NAME.values()} == {0, *map(int, FLAGS)}
    assert all("|" not in name and name == name.lower() for name in BY_NAME)
