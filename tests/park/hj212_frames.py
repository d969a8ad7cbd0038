"""Frames that loggers in the field have sent, as public code keeps them, each with a checksum that fits."""

from park.decode.hj212_frame import crc

REQUEST = (
    b"##0101QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&1C80"
)
WATER = (
    b"##0457QN=20210320163101890;ST=32;CN=2011;PW=123456;MN=81733553213013;Flag=4;CP=&&DataTime=20210320013400;"
    b"w00000-Rtd=181.682,w00000-Flag=N;w21001-SampleTime=20210320005400,w21001-Rtd=45.160,w21001-Flag=N;"
    b"w21011-SampleTime=20210320013400,w21011-Rtd=1.970,w21011-Flag=N;"
    b"w21003-SampleTime=20210320013400,w21003-Rtd=53.131,w21003-Flag=N;"
    b"w01018-SampleTime=20210320013400,w01018-Rtd=194.200,w01018-Flag=N;"
    b"w01001-SampleTime=20210320013406,w01001-Rtd=7.496,w01001-Flag=N&&6E80"
)
STACK = (
    b"##0318QN=20240123123950241;ST=31;CN=2011;PW=123456;MN=81733553216103;Flag=4;CP=&&DataTime=20240122081600;"
    b"a00000-Rtd=5.407,a00000-Flag=N;a01011-Rtd=7.072,a01011-Flag=N;a01013-Rtd=-0.052,a01013-Flag=N;"
    b"a01012-Rtd=6.480,a01012-Flag=N;a24088-Rtd=0.804,a24088-Flag=N;a05002-Rtd=0.000,a05002-Flag=N;"
    b"a01014-Rtd=0.970,a01014-Flag=N&&6740"
)
AIR = (
    b"##0411QN=20220513162608370;ST=22;CN=2051;PW=123456;MN=JLYP01_AIR01_0001;Flag=4;CP=&&DataTime=20220513162600;"
    b"a21004-Avg=4,a21004-Flag=N;a05024-Avg=63,a05024-Flag=N;a21026-Avg=6,a21026-Flag=N;a21005-Avg=0.427,"
    b"a21005-Flag=N;a34004-Avg=14,a34004-Flag=N;a34002-Avg=31,a34002-Flag=N;a01007-Avg=1,a01007-Flag=N;"
    b"a01008-Avg=11,a01008-Flag=N;a01001-Avg=17,a01001-Flag=N;a01002-Avg=85,a01002-Flag=N;a01006-Avg=95,"
    b"a01006-Flag=N&&D641"
)
GOLDEN = (REQUEST, WATER, STACK, AIR)


def framed(segment: str, *, length: int | None = None, checksum: str | None = None) -> bytes:
    """Put a data segment into a frame, right or as wrong as asked."""
    data = segment.encode()
    told = len(data) if length is None else length
    return b"##%04d%s%s\r\n" % (told, data, (checksum or f"{crc(data):04X}").encode())


def water(data: str, *, cn: str = "2011", st: str = "32", mn: str = "M1", qn: str = "20261123080000000") -> bytes:
    """Make a frame of these data."""
    return framed(f"QN={qn};ST={st};CN={cn};PW=123456;MN={mn};Flag=4;CP=&&{data}&&")
