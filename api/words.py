"""What the API says when it cannot do what was asked: a title and a sentence for each problem, in both languages."""

from typing import NamedTuple


class Words(NamedTuple):
    """The status, and what to tell; `{…}` are filled in by whoever raises the problem."""

    status: int
    zh: str
    en: str
    zh_detail: str
    en_detail: str


WORDS: dict[str, Words] = {
    "no_principal": Words(
        401, "需要身份", "Who is asking?",
        "请先登录, 或在 X-API-Key 请求头中给出有效的密钥。",
        "Sign in first, or send a valid key in the X-API-Key header.",
    ),
    "wrong_key": Words(
        401, "密钥无效", "Key not valid",
        "X-API-Key 中的密钥不存在或已停用; 请向管理员索取新的密钥。",
        "The key in X-API-Key does not exist or is revoked; ask an administrator for a new one.",
    ),
    "wrong_password": Words(
        401, "用户名或密码不对", "Wrong user name or password",
        "用户名或密码不对; 请重新输入。连续输错 5 次将暂时锁定。",
        "Wrong user name or password; try again. Five mistakes in a row lock sign-in for a while.",
    ),
    "disabled": Words(
        403, "用户已停用", "User disabled",
        "该用户已停用; 如需恢复, 请联系管理员。",
        "This user is disabled; ask an administrator to enable it.",
    ),
    "locked": Words(
        429, "登录已暂时锁定", "Sign-in locked for a while",
        "连续输错次数过多; 请在 {minutes} 分钟后再试, 或请管理员重设密码。",
        "Too many mistakes in a row; try again in {minutes} minutes, or ask an administrator to reset the password.",
    ),
    "no_right": Words(
        403, "没有权限", "Not allowed",
        "您的角色 {access} 不允许此操作 (需要权限 {right}); 如确需办理, 请联系管理员。",
        "Your role {access} does not allow this (it takes the right {right}); ask an administrator if you need it.",
    ),
    "must_change": Words(
        403, "请先修改密码", "Change the password first",
        "这是一次性密码; 请先修改密码 (PUT /api/v1/me/password), 再使用其他功能。",
        "This password was for one use; change it first (PUT /api/v1/me/password).",
    ),
    "cross_site": Words(
        403, "请求来源不明", "Request from another site",
        "以登录会话写入时, 请求必须来自本站页面, 或带有 X-Requested-With 请求头。",
        "A write with a session cookie must come from this site's own pages or carry the X-Requested-With header.",
    ),
    "no_page": Words(
        404, "地址不存在", "No such address",
        "这里没有 {path}; 可用的地址见 /api/v1/openapi.json。",
        "There is nothing at {path}; /api/v1/openapi.json lists every address.",
    ),
    "whole_park": Words(
        403, "没有权限", "Not allowed",
        "此处只对能看全园区的角色开放 (viewer、safety、operator、admin); 您只能查看 {enterprise}, 请换全园区的密钥。",
        "This is only for roles that see the whole park (viewer, safety, operator, admin); yours is enterprise "
        "{enterprise}'s only. Use a key that sees the whole park.",
    ),
    "no_such": Words(
        404, "不存在", "Not found",
        "没有 {what} {id}, 或您无权查看; 请核对编号。",
        "There is no {what} {id}, or it is not yours to see; check the id.",
    ),
    "wrong_method": Words(
        405, "方法不允许", "Method not allowed",
        "{path} 不支持 {method}。",
        "{path} does not take {method}.",
    ),
    "exists": Words(
        409, "已存在", "Already there",
        "{what} {id} 已存在; 请换一个名称。",
        "There already is a {what} {id}; choose another name.",
    ),
    "shipped_rule": Words(
        409, "随程序提供的规则", "A shipped rule",
        "规则 {id} 随程序提供, 不能改写或撤销; 请停用它、调整单台设备的限值, 或另存为新规则。",
        "Rule {id} is shipped with the program and is not rewritten; switch it off, give single meters other limits, "
        "or copy it under another id.",
    ),
    "conflict": Words(409, "现在不能这样做", "Not possible as things stand", "{refused}", "{refused}"),
    "refused": Words(422, "不能这样做", "Not possible", "{refused}", "{refused}"),
    "key_has_no_password": Words(
        409, "密钥没有密码", "A key has no password",
        "只有登录的用户可以修改密码; 密钥请停用后重新创建。",
        "Only a signed-in user has a password; revoke a key and make a new one.",
    ),
    "same_password": Words(
        422, "新旧密码相同", "The same password",
        "新密码与现在的密码相同; 请换一个。",
        "The new password is the present one; take another.",
    ),
    "too_large": Words(
        413, "请求过大", "Request too large",
        "请求体超过 {limit} 字节的上限; 请分多次提交。",
        "The request body exceeds {limit} bytes; send it in parts.",
    ),
    "mistakes": Words(
        422, "内容有误", "Mistakes in the request",
        "共有 {count} 处错误, 逐条列在 mistakes 中; 改正后再提交。",
        "{count} mistakes, each listed under mistakes; correct them and send again.",
    ),
    "range_order": Words(
        422, "时间范围颠倒", "Range ends before it starts",
        "start ({start}) 必须早于 end ({end})。",
        "start ({start}) must lie before end ({end}).",
    ),
    "range_wide": Words(
        422, "时间范围过大", "Range too wide",
        "一次最多查询 {most}; 请缩小范围, 或用 every 与 aggregate 汇总。",
        "One question may span at most {most}; narrow it, or use every and aggregate.",
    ),
    "backtest_of_what": Words(
        422, "未说明试哪条规则", "Nothing to try",
        "rule 与 text 须恰好给出一个: 已有规则的编号, 或规则全文。",
        "Give exactly one of rule and text: the id of a rule, or a rule as it is written.",
    ),
    "backtest_wide": Words(
        422, "历史数据过多", "Too much history",
        "约需读 {wanted} 个读数, 上限为 {most}; 请缩小时间或设备范围, 或用命令 smartpark rules backtest。",
        "That is about {wanted} readings, more than {most}; take less time or fewer meters, or use the command "
        "smartpark rules backtest.",
    ),
    "too_many_slots": Words(
        422, "分段过多", "Too many slots",
        "该范围按 every={every} 会得到 {slots} 段, 上限为 {most}; 请加大 every 或缩小范围。",
        "The range has {slots} slots of {every}, more than {most}; take a longer every or a narrower range.",
    ),
    "aggregate_alone": Words(
        422, "缺少 every", "every is missing",
        "给出 aggregate 时必须同时给出 every, 例如 every=1h。",
        "aggregate needs every, for example every=1h.",
    ),
    "meter_or_enterprise": Words(
        422, "请给出设备或企业", "Which meter or enterprise?",
        "请给出 meter 或 enterprise 之一, 不要都给或都不给。",
        "Give either meter or enterprise, not both and not neither.",
    ),
    "which_carrier": Words(
        422, "请给出品种", "Which carrier?",
        "这里没有计量能源或水的设备; 如要查污染物, 请给出 carrier, 例如 carrier=cod。",
        "No meter here counts energy or water; for a pollutant give carrier, for example carrier=cod.",
    ),
    "no_influx": Words(
        409, "没有 InfluxDB", "No InfluxDB",
        "读数不在 InfluxDB 中, 因此没有 InfluxQL 可用; 请设置 SMARTPARK_TELEMETRY_URL=influxdb://…。",
        "Readings are not kept in InfluxDB, so there is no InfluxQL; set SMARTPARK_TELEMETRY_URL=influxdb://….",
    ),
    "which_bucket": Words(
        422, "请给出存储桶", "Which bucket?",
        "db 只能是 {known} 之一。",
        "db is one of {known}.",
    ),
    "epoch_ms": Words(
        422, "时间单位", "Which unit of time?",
        "epoch 只能是 ms; 请去掉或改为 epoch=ms。",
        "epoch is ms and nothing else; leave it out or write epoch=ms.",
    ),
    "not_confined": Words(
        422, "查询不能限于一家企业", "Not to be kept to one enterprise",
        "{why}",
        "{why}",
    ),
    "bad_cursor": Words(
        422, "游标无效", "Cursor not valid",
        "cursor 只能使用上一页返回的 next 值; 请从第一页重新开始。",
        "cursor takes only the next value of the page before; start again from the first page.",
    ),
    "too_many_acceptances": Words(
        429, "正在进行的验收过多", "Too many acceptances at a time",
        "同时最多进行 {most} 个设备验收; 请先结束一个。",
        "{most} acceptances may go on at a time; conclude one first.",
    ),
    "broker_silent": Words(
        503, "消息服务器不可用", "Broker not available",
        "无法在消息服务器上监听: {why}; 请检查服务器与平台账号。",
        "Cannot listen at the broker: {why}; check the broker and the platform's account.",
    ),
    "too_many_streams": Words(
        429, "实时连接过多", "Too many streams",
        "同时打开的实时连接已达上限 {most}; 请关闭不用的页面后重试。",
        "{most} streams are open, which is the limit; close some and try again.",
    ),
    "http": Words(
        400, "请求无法处理", "Request not understood",
        "请求不符合 HTTP 或本接口的约定。",
        "The request does not follow HTTP or this interface.",
    ),
    "internal": Words(
        500, "内部错误", "Internal error",
        "服务器内部出错, 已记入日志 (编号 {number}); 请把编号告诉管理员。",
        "Something failed inside; the log has it under {number}. Tell the administrator this number.",
    ),
    "telemetry_unavailable": Words(
        503, "时序库暂不可用", "Telemetry store not available",
        "时序库暂时无法访问; 采集不受影响, 请稍后再试。",
        "The telemetry store cannot be reached now; collection goes on. Try again shortly.",
    ),
    "database_unavailable": Words(
        503, "业务库暂不可用", "Database not available",
        "业务数据库暂时无法访问; 请稍后再试, 持续出现请查看 /readyz。",
        "The database cannot be reached now; try again shortly, and look at /readyz if it lasts.",
    ),
}  # fmt: skip

NOUNS: dict[str, tuple[str, str]] = {
    "park": ("园区", "park"),
    "enterprise": ("企业", "enterprise"),
    "meter": ("计量设备", "meter"),
    "metric": ("指标", "metric"),
    "user": ("用户", "user"),
    "key": ("密钥", "API key"),
    "suspicion": ("疑似事件", "suspicion"),
    "carrier": ("品种", "carrier"),
    "virtual_meter": ("虚拟表", "virtual meter"),
    "replay": ("回放任务", "replay"),
    "evaluation": ("评价结果", "evaluation"),
    "scheme": ("评价方案", "scheme"),
    "factor": ("因子", "factor"),
    "figure": ("指标值", "figure"),
    "closing": ("结账", "closing"),
    "industry": ("行业", "industry"),
    "alert": ("告警", "alert"),
    "rule": ("告警规则", "alert rule"),
    "receiver": ("接收人", "receiver"),
    "maintenance": ("检修", "maintenance"),
    "acceptance": ("验收报告", "acceptance"),
    "sender": ("未登记设备", "unregistered sender"),
    "duty": ("值班", "shift"),
    "picture": ("平面图", "picture"),
}


def noun(what: str, language: str) -> str:
    """Name a kind of thing."""
    zh, en = NOUNS[what]
    return zh if language == "zh" else en
