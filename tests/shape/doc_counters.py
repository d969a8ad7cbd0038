"""What the names that /metrics shows mean, in Chinese and English."""

from typing import Final

COUNTERS: Final = {
    "smartpark_collector_received_total": ("从消息服务器取得的报文数", "messages taken from the broker"),
    "smartpark_collector_retained_total": ("略过的保留 (retained) 报文数", "retained messages passed over"),
    "smartpark_collector_spooled_total": ("已写入暂存的报文数", "messages committed to the spool"),
    "smartpark_collector_acknowledged_total": ("已向消息服务器应答的报文数", "messages acknowledged to the broker"),
    "smartpark_collector_reconnects_total": ("与消息服务器断线的次数", "connections lost"),
    "smartpark_collector_stored_total": ("时序库已确认的读数条数", "readings the store confirmed"),
    "smartpark_collector_handled_total": ("已处理完 (入库或隔离) 的报文数", "messages stored or held in quarantine"),
    "smartpark_collector_refused_total": ("按 `reason` 分类的拒收数", "refusals by `reason`"),
    "smartpark_collector_remarks_total": (
        "按 `word` 分类的已放行瑕疵数, 如 HJ 212 帧的长度字段", "faults let pass by `word`, such as an HJ 212 length",
    ),
    "smartpark_collector_asked_total": (
        "向设备发出的请求数, 如 Sparkplug 重新上线", "requests published to devices, such as for a rebirth",
    ),
    "smartpark_collector_evicted_total": (
        "隔离区满而删除的报文数: **应为 0**", "quarantined messages that had to go: **should be 0**",
    ),
    "smartpark_collector_turned_away_total": (
        "暂存写不进去的次数 (报文仍在消息服务器或内存, 未应答)", "times the spool could not keep a batch",
    ),
    "smartpark_collector_lost_total": (
        "暂存满时丢失的 QoS 0 报文数: **应为 0**", "QoS 0 messages lost to a full spool: **should be 0**",
    ),
    "smartpark_collector_takeovers_total": (
        "别的程序以同一名称抢占会话的次数", "times another program took the session at the broker",
    ),
    "smartpark_collector_connected": ("1 = 采集已连上消息服务器", "1 while the broker answers the collector"),
    "smartpark_collector_spool_bytes": (
        "暂存中的字节数, `lane` 为 raw (待入库) 或 refused (待入隔离区)", "bytes waiting, by `lane`: raw or refused",
    ),
    "smartpark_collector_trouble": (
        "1 = 该环节有故障, `stage` 为 broker、rival、subscription、spool、store、quarantine",
        "1 for a `stage` in trouble: broker, rival, subscription, spool, store, quarantine",
    ),
    "smartpark_collector_heard_timestamp_seconds": ("最近一条报文的到达时间", "when the last message came"),
    "smartpark_account_received_total": ("收发账: 收到的报文 (重复的只算一次)", "accounts: messages received"),
    "smartpark_account_duplicates_total": ("收发账: 重复收到的报文", "accounts: messages that came again"),
    "smartpark_account_restarts_total": ("收发账: 序号重新开始的次数", "accounts: times the numbers began anew"),
    "smartpark_account_unnumbered_total": ("收发账: 没有序号的报文", "accounts: messages without a number"),
    "smartpark_account_accepted_total": ("收发账: 合格的读数", "accounts: readings let in"),
    "smartpark_account_refused_total": ("收发账: 拒收的读数", "accounts: readings refused"),
    "smartpark_account_stored_total": ("收发账: 已入库的读数", "accounts: readings stored"),
    "smartpark_account_missing": ("收发账: 缺号总数", "accounts: numbers that never came"),
    "smartpark_account_held": ("收发账: 在隔离区的报文", "accounts: messages in quarantine"),
    "smartpark_account_meters_with_gaps": ("收发账: 有缺号的设备数", "accounts: meters with missing numbers"),
    "smartpark_account_meter_missing": ("收发账: 缺号的设备, 按 `meter`", "accounts: numbers missing, by `meter`"),
    "smartpark_api_live_messages_total": ("接口收到的报文数", "messages the API heard"),
    "smartpark_api_live_messages_per_second": ("接口每秒收到的报文数", "messages a second the API hears"),
    "smartpark_api_live_connected": ("1 = 接口已连上消息服务器", "1 while the broker answers the API"),
    "smartpark_api_live_followers": ("打开的实时连接数", "open live streams"),
    "smartpark_meters": (
        "登记的设备数, `state` 为 online、offline、never_heard",
        "registered meters by `state`: online, offline, never_heard",
    ),
    "smartpark_api_requests_total": (
        "按 `method`、`route`、`status` 的请求数", "requests by `method`, `route`, `status`",
    ),
    "smartpark_api_request_seconds": (
        "按 `route` 的应答耗时 (直方图, 秒)", "seconds to an answer by `route` (histogram)",
    ),
    "smartpark_hj212_accepted_total": ("HJ 212 监听接受的连接数", "connections of HJ 212 loggers"),
    "smartpark_hj212_turned_away_total": ("超出连接上限而拒绝的连接数", "connections beyond the most that are kept"),
    "smartpark_hj212_frames_total": ("收到的 HJ 212 帧数 (含错帧)", "HJ 212 frames that came, whole or not"),
    "smartpark_hj212_published_total": ("消息服务器已接收的帧数", "frames the broker took"),
    "smartpark_hj212_refused_total": (
        "消息服务器拒收或无人订阅的帧数", "frames the broker refused, or that nobody heard",
    ),
    "smartpark_hj212_answered_total": ("发给数采仪的应答数", "answers sent to loggers"),
    "smartpark_hj212_broken_total": ("长度、校验码或结构有误的帧数", "frames of a wrong length, checksum or form"),
    "smartpark_hj212_garbage_bytes_total": ("不属于任何帧的字节数", "bytes that belonged to no frame"),
    "smartpark_hj212_strangers_total": ("未登记站点 (MN) 转发的帧数", "frames passed on of stations nobody registered"),
    "smartpark_hj212_held_back_total": (
        "因一分钟内已转发过而未再转发的陌生帧或错帧数", "strangers' or broken frames not passed on so soon again",
    ),
    "smartpark_hj212_wrong_password_total": ("PW 与登记不符而未转发的帧数", "frames not passed on for a wrong PW"),
    "smartpark_hj212_connections": ("当前连接的数采仪数", "loggers connected now"),
}  # fmt: skip
