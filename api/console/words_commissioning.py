"""The words of taking on unknown devices, and of swapping a meter."""

from api.console.wording import Words

WORDS: dict[str, Words] = {
    "room_commissioning": Words("待登记设备", "To be registered"),
    "room_commission": Words("登记设备", "Register a device"),
    "commission_lead": Words(
        "已在消息服务器上发送数据、但台账中没有的设备; 其报文保留在隔离区, 登记后补入。",
        "Devices that speak at the broker and are not in the registry; their messages are held, and come in once they "
        "are registered.",
    ),
    "commission_none_title": Words("没有待登记的设备", "Nobody unknown speaks"),
    "commission_none": Words(
        "设备按约定主题发送、或在下列设置所监听的主题上发送后, 会出现在这里。",
        "A device shows here once it speaks on the contract's topics, or on one that this setting listens to:",
    ),
    "commission_heard": Words("听到的设备", "Heard"),
    "commission_count": Words("{n} 台", "{n}"),
    "commission_every": Words("约每 {every} 一条", "about every {every}"),
    "commission_like": Words("像 {codec}", "looks like {codec}"),
    "commission_unlike": Words("格式不明", "of no form we know"),
    "commission_strange": Words("名称不在指标表中: {names}", "Names that are no metric: {names}"),
    "commission_more": Words("等 (另 {n} 项)", "and {n} more"),
    "commission_take": Words("登记…", "Register…"),
    "commission_gone_title": Words("该设备已不在待登记之列", "This device waits no longer"),
    "commission_gone": Words(
        "可能已登记并回放, 或其报文已从隔离区移出。", "It was registered and replayed, or its messages have gone."
    ),
    "commission_sends": Words("它发送的内容", "What it sends"),
    "commission_entry": Words("台账条目", "Registry entry"),
    "commission_entry_sub": Words("按收到的报文起草, 请核对", "Drafted from what it sends; please check"),
    "commission_asks": Words("报文中没有、需要您填写或确认: {what}。", "No message tells, so please say: {what}."),
    "commission_asked_name": Words("名称", "the name"),
    "commission_asked_role": Words("角色", "the role"),
    "commission_asked_enterprise": Words("企业", "the enterprise"),
    "commission_asked_metrics": Words("指标", "the metrics"),
    "commission_asked_multiplier": Words("倍率 (CT×PT)", "the multiplier (CT×PT)"),
    "commission_left_out": Words(
        "该介质的设备没有这些指标, 未列入: {names}; 如需要请另行登记一台。",
        "Left out, as a meter of this medium has none of: {names}; register another for them if need be.",
    ),
    "commission_id": Words("编号", "Id"),
    "commission_name": Words("名称", "Name"),
    "commission_name_hint": Words("如 一号变总表", "as Transformer 1"),
    "commission_name_en": Words("英文名称", "English name"),
    "commission_multiplier": Words("倍率", "Multiplier"),
    "commission_multiplier_hint": Words("CT×PT, 没有则留空", "CT×PT; empty for none"),
    "commission_metrics": Words("指标 (逗号分隔)", "Metrics, with commas"),
    "commission_names": Words("未知名称对应的指标", "What its names stand for"),
    "commission_names_sub": Words(
        "请对照设备说明书选择; 不选的不采集。", "Choose by the device's manual; what is not chosen is not taken."
    ),
    "commission_leave_out": Words("不采集", "leave out"),
    "commission_codec": Words("编码方式", "Codec"),
    "commission_register": Words("登记并补入隔离的报文", "Register, and let in what is held"),
    "commission_no_number": Words("这里应是数字。", "This must be a number."),
    "commission_done": Words("{id} 已登记。", "{id} is registered."),
    "commission_see": Words("查看设备", "See the meter"),
    "commission_accept": Words("开始验收", "Begin acceptance"),
    "room_swap": Words("换表", "Swap a meter"),
    "swap_start": Words("换表…", "Swap…"),
    "swap_lead": Words(
        "先填旧表止码, 再填新表起码; 表码按显示值填写, 不乘倍率。",
        "First what the old meter showed last, then what the new one showed first; as displayed, not multiplied.",
    ),
    "swap_old": Words("第一步: 旧表", "Step 1: the old meter"),
    "swap_old_sub": Words("拆表时间与止码", "When it was taken down, and its closing reading"),
    "swap_new": Words("第二步: 新表", "Step 2: the new meter"),
    "swap_new_sub": Words(
        "起码; 倍率或满度有变时一并填写", "Its opening reading; multiplier and width where they changed"
    ),
    "swap_at": Words("换表时间", "Swapped at"),
    "swap_next": Words("下一步", "Next"),
    "swap_before": Words("平台最后收到: {value} ({at})", "Seen last before: {value} ({at})"),
    "swap_before_none": Words("换表前两天内没有收到表码。", "No reading is stored of the two days before."),
    "swap_after": Words("换表后首次收到: {value} ({at})", "Seen first after: {value} ({at})"),
    "swap_after_none": Words("换表后还没有收到新表的表码。", "The new meter has not been heard yet."),
    "swap_opening_hint": Words("新表装上时的表码", "as it was put up"),
    "swap_multiplier_hint": Words("不变则留空", "empty where unchanged"),
    "swap_width_hint": Words("不变则留空", "empty where unchanged"),
    "swap_note_hint": Words("如 到期轮换, 工单号", "as the work order"),
    "swap_no_note": Words("请填写说明。", "Say why."),
    "swap_look": Words("试算", "Work it out"),
    "swap_books": Words(
        "最后读数至止码计 {until}; 起码至首次读数计 {since}。",
        "Booked from the last reading to the closing one: {until}; from the opening one to the first: {since}.",
    ),
    "swap_declare": Words("登记换表", "Declare the swap"),
    "swap_done": Words("已登记, 数分钟内重新入账。", "Declared; figures follow within minutes."),
    "swap_see": Words("查看设备", "See the meter"),
}
