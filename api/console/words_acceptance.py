"""The words of device acceptance."""

from api.console.wording import Words

WORDS: dict[str, Words] = {
    "room_acceptance": Words("设备验收", "Acceptance"),
    "acceptance_lead": Words(
        "监听一台设备, 逐项对照接入约定与台账; 数据照常入库, 验收本身不改变任何数据。",
        "Listen to one device and hold it against the contract and the registry; its data are stored as always, and "
        "nothing is changed by this.",
    ),
    "acceptance_begin": Words("开始验收", "Begin"),
    "acceptance_begin_sub": Words("至少听满 5 个上报周期", "Five reporting periods are the least that tells"),
    "acceptance_meter": Words("设备编号", "Meter"),
    "acceptance_minutes": Words("监听分钟", "Minutes"),
    "acceptance_start": Words("开始监听", "Listen"),
    "acceptance_no_meter": Words(
        "台账中没有设备 {id}; 请先登记。", "There is no meter {id} in the registry; register it first."
    ),
    "acceptance_goes_on": Words("{id} 的验收正在进行。", "An acceptance of {id} goes on already."),
    "acceptance_too_many": Words(
        "同时最多进行 {n} 个验收; 请先结束一个。", "{n} may go on at a time; conclude one first."
    ),
    "acceptance_plug": Words("断线试验: 现在断开设备", "Now pull the plug"),
    "acceptance_plug_again": Words("再试一次断线", "Pull it once more"),
    "acceptance_conclude": Words("结束并存档", "Conclude"),
    "acceptance_drop": Words("放弃", "Give up"),
    "acceptance_far": Words("{m} / {of} 分钟, {n} 条报文", "{m} of {of} min, {n} messages"),
    "acceptance_trouble": Words("暂时听不到: {why}", "Nothing can be heard: {why}"),
    "acceptance_pulled": Words(
        "{at} 起断线试验: 请断开设备的网线或电源, 过几个周期再接上, 等下面两项给出结论。",
        "Since {at}: cut the device's line or power, put it back after a few periods, and wait for "
        "the two items below.",
    ),
    "acceptance_so_far": Words("目前: 合格 {p}, 不合格 {f}, 说明 {n}。", "So far: {p} pass, {f} fail, {n} notes."),
    "acceptance_enough": Words(
        "已听满: 合格 {p}, 不合格 {f}, 说明 {n}; 可做断线试验, 或结束并存档。",
        "Heard enough: {p} pass, {f} fail, {n} notes; pull the plug, or conclude.",
    ),
    "acceptance_reports": Words("验收报告", "Reports"),
    "acceptance_none": Words(
        "还没有验收报告; 选一台设备开始监听, 结束后在此下载盖章的报告。",
        "No report yet: choose a device and listen; its sealed report will be here.",
    ),
    "acceptance_result": Words("结论", "Result"),
    "acceptance_when": Words("时间", "When"),
    "acceptance_by": Words("操作员", "By"),
    "acceptance_accepted": Words("通过", "Accepted"),
    "acceptance_refused": Words("不通过", "Not accepted"),
    "acceptance_again": Words("再次验收", "Again"),
}
