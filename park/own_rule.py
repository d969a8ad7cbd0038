"""Alerts of our own making, which no reading leads to: drills, heartbeats, and receivers that nothing reaches."""

from datetime import timedelta

from park.alert import OnSilence, Timing
from park.condition import FIRST, Silent
from park.rule import Rule, Scope, Text
from park.severity import Severity

DRILL = "drill"
HEARTBEAT = "heartbeat"
UNREACHED = "receiver-unreached"
EVERYBODY = "everybody"
"""In the place of a receiver: a drill for all of them."""
ADDRESSED = frozenset({DRILL, HEARTBEAT})
"""These are for the receivers that stand in the place of the meter, whatever they hear otherwise."""


def _own(name: str, severity: Severity, words: Text, message: Text, runbook: Text | None = None) -> Rule:
    """Make a rule that is bound to no meter; its condition only has to be one."""
    return Rule(
        id=name,
        name=words,
        severity=severity,
        scope=Scope(),
        when=Silent(metric=FIRST, after=timedelta(days=1)),
        timing=Timing(timedelta(0), timedelta(0), OnSilence.BREACH),
        message=message,
        runbook=runbook,
    )


OWN = {
    rule.id: rule
    for rule in (
        _own(
            DRILL,
            Severity.GENERAL,
            Text("告警演练", "Alert drill"),
            Text(
                "这是一次演练, 现场没有异常; 收到请在控制台确认。始于 {since}",
                "This is a drill, nothing is wrong. Please acknowledge it on the console. Since {since}",
            ),
        ),
        _own(
            HEARTBEAT,
            Severity.NOTICE,
            Text("每日心跳", "Daily heartbeat"),
            Text(
                "告警通道正常, 无需处置。哪天没有收到这条消息, 请立即检查平台。{since}",
                "Alerts reach you; there is nothing to do. On a day without this message, look after the platform at "
                "once. {since}",
            ),
        ),
        _own(
            UNREACHED,
            Severity.LARGER,
            Text("告警接收人失联", "Receiver not reached"),
            Text(
                "发给 {meter} 的每日心跳没有送达, 真实告警也会收不到; 始于 {since}",
                "The daily heartbeat for {meter} was not delivered; nor would a real alert be. Since {since}",
            ),
            Text(
                "在接收人页面核对地址与密钥, 再发一次演练; 修好前由其他人代为值守。",
                "Check the address and the secret on the receivers' page, then send a drill. Until it is mended, have "
                "somebody else stand in.",
            ),
        ),
    )
}
