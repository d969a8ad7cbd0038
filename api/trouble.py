"""What is said of a collector's stage in trouble: what it means for the data, and how to mend it.

Whoever asks need not have signed in, so a stage's own words, which may name paths and hosts, stay in the log.
"""

from collections.abc import Iterable
from typing import NamedTuple


class Words(NamedTuple):
    """A sentence in both languages."""

    zh: str
    en: str


WELL = Words("采集服务正常。", "The collector is well.")
STAGES: dict[str, Words] = {
    "broker": Words(
        "采集服务未连上消息服务器, 新数据未收取; 请检查它是否运行、用户与密码。",
        "The collector has no connection to the broker, so nothing new comes in; check that it runs, user and "
        "password.",
    ),
    "rival": Words(
        "另一个采集程序正以同一名称抢占会话; 请只留一个, 或为每个设置 SMARTPARK_COLLECTOR_PARTITION。",
        "Another collector takes the session under the same name; keep one, or give each its "
        "SMARTPARK_COLLECTOR_PARTITION.",
    ),
    "subscription": Words(
        "消息服务器不允许采集服务订阅; 请检查该用户的权限 (smartpark broker)。",
        "The broker does not let the collector subscribe; check its user's rights (smartpark broker).",
    ),
    "spool": Words(
        "暂存写不进去, 报文留在消息服务器, 尚未丢失; 请检查数据文件夹的剩余空间与权限。",
        "The spool cannot keep messages; they stay with the broker and are not lost. Check the data folder's free "
        "space and rights.",
    ),
    "store": Words(
        "读数写不进时序库, 留在暂存中, 恢复后自动补入; 请检查 SMARTPARK_TELEMETRY_URL 与该库。",
        "Readings cannot be stored; they wait in the spool and follow by themselves. Check SMARTPARK_TELEMETRY_URL and "
        "the store.",
    ),
    "quarantine": Words(
        "拒收的报文写不进隔离区, 留在暂存中; 请检查业务数据库。",
        "Refused messages cannot be put into quarantine and wait in the spool; check the relational database.",
    ),
    "account": Words(
        "收发账无法更新; 请检查业务数据库。采集不受影响。",
        "The meters' accounts cannot be updated; check the relational database. Collecting goes on.",
    ),
    "stages": Words(
        "采集服务有工作线程已退出; 请查看日志并重新启动。",
        "A part of the collector has ended; look into the log and start it again.",
    ),
}
UNKNOWN = Words("采集服务有故障 ({stage}); 请查看日志。", "The collector is in trouble ({stage}); look into the log.")


def sentence(stages: Iterable[str], language: str) -> str:
    """Say what is wrong, a sentence for each stage; nothing wrong is well."""
    said = [STAGES.get(stage, Words(*(words.format(stage=stage) for words in UNKNOWN))) for stage in stages]
    words = said or [WELL]
    return "".join(one.zh for one in words) if language == "zh" else " ".join(one.en for one in words)
