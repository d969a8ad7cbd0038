"""Chinese words for what the code says in English only, and words for what it does not say; tests refuse gaps."""

from typing import Final

KINDS: Final = {"register": "累计", "gauge": "瞬时", "state": "状态"}

FLAGS: Final = {
    "good": ("数值可信 (默认)", "nothing is known against it (the default)"),
    "uncertain": ("设备自身存疑", "the device itself doubts it"),
    "estimated": ("由相邻值或典型曲线推算, 非实测", "computed from neighbours or a profile, not measured"),
    "substituted": ("人工替代值", "set by hand in place of a measurement"),
    "maintenance": ("仪表维护中", "the instrument is being maintained"),
    "calibration": ("仪表校准中", "the instrument is being calibrated"),
    "fault": ("仪表故障", "the instrument is faulty"),
    "stopped": ("被测设施停运 (如停炉), 数值不代表排放", "the installation behind the sensor is out of use"),
    "receive_time": (
        "报文没有 ts, 由平台以接收时间代替时自动标记",
        "set by the platform: no `ts`, so the time of arrival",
    ),
    "implausible": (
        "换算后超出指标的合理范围, 由平台自动标记",
        "set by the platform: outside the metric's plausible range",
    ),
}

SETTINGS: Final = {
    "data_dir": "数据文件夹: 内置存储的全部内容都在这里。",
    "mqtt_url": "消息服务器: mqtt:// 或 mqtts://[用户[:密码]@]主机[:端口]。给出后不再启动内置服务器。",
    "mqtt_port": "内置消息服务器的端口; 只在没有给出 SMARTPARK_MQTT_URL 时使用。",
    "mqtt_password": "消息服务器密码 (不写在 URL 中时)。",
    "mqtt_ca_file": "签发消息服务器证书的 CA 证书文件。",
    "mqtt_version": "MQTT 协议版本; 内置服务器固定用 3.1.1。",
    "mqtt_prefix": "所有主题的前缀。",
    "collector_partition": "本采集进程负责的范围: park=hengkou 或 enterprise=e01,e02; 缺省为全部。",
    "telemetry_url": "时序库, duckdb:///相对路径 或 duckdb:////绝对路径; 缺省为数据文件夹中的文件。",
    "influx_token": "InfluxDB 令牌。",
    "influx_ca_file": "签发 InfluxDB 证书的 CA 证书文件。",
    "influx_raw_days": "`store init` 设置的原始读数保留天数; 0 为永久。",
    "influx_15m_days": "15 分钟数据保留天数; 0 为永久。",
    "influx_1h_days": "小时数据保留天数; 0 为永久。",
    "influx_1d_days": "日数据保留天数; 0 为永久。",
    "database_url": "业务库 (SQLAlchemy URL); 缺省为数据文件夹中的 SQLite。",
    "database_password": "PostgreSQL 密码 (不写在 URL 中时)。",
    "database_collector_password": "`store init` 为采集服务的数据库用户设置的密码。",
    "database_rules_password": "`store init` 为计算服务的数据库用户设置的密码。",
    "database_api_password": "`store init` 为接口的数据库用户设置的密码。",
    "database_grafana_password": "`store init` 为 Grafana 的只读数据库用户设置的密码。",
    "http_host": "控制台与接口监听的地址。",
    "http_port": "控制台与接口的端口。",
    "status_host": "采集与计算服务状态页的监听地址。",
    "status_port": "该状态页 (/healthz 与 /metrics) 的端口；缺省不开启。",
    "admin_api_key": "供脚本使用的管理员密钥。",
    "language": "首选语言。",
    "timezone": "园区时区: 按当地日统计和显示。",
    "log_level": "日志级别。",
    "spool_bytes": "采集暂存的上限 (字节); 超过后报文留在消息服务器。",
    "quarantine_bytes": "隔离区报文的上限 (字节); 超过后删除最旧的, 并计数。",
}

RIGHTS: Final = {
    "see": ("查看园区、设备与数据", "see parks, meters and readings"),
    "see_quarantine": ("查看隔离区", "see the quarantine"),
    "answer_alerts": ("处置告警", "answer alerts"),
    "keep_registry": ("维护台账", "keep the registry"),
    "keep_quarantine": ("回放隔离报文", "replay quarantined messages"),
    "keep_accounts": (
        "维护能碳核算 (计量复核、因子、评价、结账)",
        "keep the accounts: epochs, factors, evaluation, closing",
    ),
    "keep_statements": ("录入经济报表与活动数据", "enter statements and activity"),
    "keep_users": ("管理用户与密钥", "keep users and keys"),
    "see_audit": ("查看操作记录", "see the audit"),
}

ROLES: Final = {
    "viewer": ("查看者", "viewer"),
    "safety": ("安全员", "safety officer"),
    "operator": ("操作员", "operator"),
    "admin": ("管理员", "administrator"),
    "enterprise": ("企业用户 (只见本企业)", "enterprise user (its own enterprise only)"),
}

ROUTES: Final = {
    "POST /session": "登录",
    "DELETE /session": "退出登录",
    "GET /me": "当前身份与权限",
    "PUT /me/password": "修改自己的密码",
    "GET /parks": "园区列表",
    "GET /parks/{id}": "一个园区",
    "PUT /parks/{id}": "登记或修改园区",
    "DELETE /parks/{id}": "删除园区 (须已无企业)",
    "GET /enterprises": "企业列表",
    "GET /enterprises/{id}": "一家企业",
    "PUT /enterprises/{id}": "登记或修改企业",
    "DELETE /enterprises/{id}": "删除企业 (须已无设备)",
    "GET /meters": "设备列表, 含是否在线",
    "GET /meters/{id}": "一台设备",
    "PUT /meters/{id}": "登记或修改设备",
    "DELETE /meters/{id}": "删除设备 (已存数据保留)",
    "GET /meters/{id}/account": "一台设备的收发账: 发出、缺号、重复、入库, 及每处缺号",
    "GET /accounts": "各设备的收发账",
    "GET /accounts/summary": "全部收发账合计",
    "GET /readings": "一台设备一个指标的历史数据, 或按时段汇总",
    "GET /readings/latest": "最新值",
    "GET /stream": "实时数据流 (SSE)",
    "GET /quarantine": "隔离的报文",
    "GET /quarantine/summary": "按原因和设备汇总的隔离数量",
    "POST /quarantine/replay": "回放隔离的报文",
    "GET /quarantine/replays/{number}": "一次回放的结果",
    "GET /users": "用户列表",
    "POST /users": "添加用户",
    "PATCH /users/{name}": "停用、启用用户或重设密码",
    "DELETE /users/{name}": "停用用户",
    "GET /keys": "密钥列表",
    "POST /keys": "生成密钥",
    "DELETE /keys/{name}": "吊销密钥",
    "GET /audit": "操作记录",
    "GET /healthz": "进程是否存活",
    "GET /readyz": "各部分是否可用",
    "GET /metrics": "Prometheus 计数",
}

COUNTERS: Final = {
    "smartpark_collector_received_total": ("从消息服务器取得的报文数", "messages taken from the broker"),
    "smartpark_collector_retained_total": ("略过的保留 (retained) 报文数", "retained messages passed over"),
    "smartpark_collector_spooled_total": ("已写入暂存的报文数", "messages committed to the spool"),
    "smartpark_collector_acknowledged_total": ("已向消息服务器应答的报文数", "messages acknowledged to the broker"),
    "smartpark_collector_reconnects_total": ("与消息服务器断线的次数", "connections lost"),
    "smartpark_collector_stored_total": ("时序库已确认的读数条数", "readings the store confirmed"),
    "smartpark_collector_handled_total": ("已处理完 (入库或隔离) 的报文数", "messages stored or held in quarantine"),
    "smartpark_collector_refused_total": ("按 `reason` 分类的拒收数", "refusals by `reason`"),
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
}  # fmt: skip
