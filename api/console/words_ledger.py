"""What the pages on the ledger: review of epochs, intervals say."""

from api.console.wording import Words

WORDS: dict[str, Words] = {
    "room_review": Words("计量复核", "Meter review"),
    "room_review_meter": Words("登记表计变动", "Declare a change"),
    "review_lead": Words(
        "表底出现异常时, 平台先按估算入账并列在这里; 确认、更正或否认后, 相关用量随即重算。",
        "What looks odd in a register is booked as estimated and listed here. Confirm, correct or reject it, and the "
        "figures follow.",
    ),
    "review_open": Words("{n} 处待复核", "{n} to review"),
    "review_none_title": Words("没有待复核事项", "Nothing to review"),
    "review_none": Words(
        "表底均连续可信。换表、更换互感器等已知变动, 请在设备页点击“登记变动”, 不必等平台发现。",
        "All registers run on as they should. Declare a known swap or change of transformers from the meter's page; "
        "there is no need to wait until it is found.",
    ),
    "review_more": Words("另有 {n} 处未列出; 处理完以上各项后显示。", "and {n} more, shown once these are decided."),
    "review_broken": Words(
        "{meter} 自 {day} 起入账量与表底不符 (差 {off}); 这是程序错误, 请联系维护人员。",
        "{meter}: from {day} on, what is booked is not what the register says (by {off}). It is a fault of ours: "
        "please tell whoever maintains the system.",
    ),
    "review_before": Words("变动前", "Before"),
    "review_after": Words("变动后", "After"),
    "review_booked": Words("目前入账", "Booked meanwhile"),
    "review_nothing_booked": Words("不入账 (缺失)", "nothing (missing)"),
    "review_estimated": Words("按估算", "as estimated"),
    "review_found": Words("发现于 {at}", "found {at}"),
    "review_why_hours": Words("历时 (小时)", "Within hours"),
    "review_why_most": Words("其间最多可计", "Could count at most"),
    "review_why_width": Words("表底满度", "Rolls over at"),
    "review_why_resumed": Words("恢复于", "Resumed at"),
    "review_why_contradiction": Words("与登记矛盾", "Contradicts what was said"),
    "review_at": Words("事件", "event"),
    "review_note": Words("说明 (必填)", "Why (needed)"),
    "review_note_hint": Words("如: 换表工单 118, 电工现场确认", "such as: work order 118, seen on site"),
    "review_confirm": Words("确认", "Confirm"),
    "review_correct": Words("更正", "Correct"),
    "review_reject": Words("否认", "Reject"),
    "review_confirm_hint": Words("确认: 事件属实, 按上述入账", "Confirm: it happened, book it as shown"),
    "review_correct_hint": Words("更正: 填写表计显示的止码、起码", "Correct: give what the display showed"),
    "review_reject_hint": Words("否认: 没有此事, 不采信异常读数", "Reject: no such thing, do not believe the readings"),
    "review_done": Words("已记录: {what}。相关用量将在数分钟内重算。", "Written down: {what}. Figures follow soon."),
    "review_gone": Words("这一处已由他人处理或不再存在。", "Somebody decided it already, or it is no longer there."),
    "review_history": Words("已登记与已复核", "Declared and decided"),
    "review_no_history": Words("尚无登记。", "Nothing was declared yet."),
    "review_replaced": Words("已被更新", "replaced"),
    "epoch_kind_replacement": Words("换表", "Replacement"),
    "epoch_kind_reset": Words("表底清零", "Reset"),
    "epoch_kind_rollover": Words("表底翻转", "Rollover"),
    "epoch_kind_multiplier": Words("倍率变更", "Multiplier"),
    "epoch_kind_two_devices": Words("两台设备共用编号", "Two devices under one id"),
    "epoch_standing_declared": Words("登记", "declared"),
    "epoch_standing_confirmed": Words("确认", "confirmed"),
    "epoch_standing_corrected": Words("更正", "corrected"),
    "epoch_standing_rejected": Words("否认", "rejected"),
    "epoch_kind": Words("变动", "What"),
    "epoch_at": Words("时间", "When"),
    "epoch_register": Words("表底", "Register"),
    "epoch_closing": Words("止码 (表计显示)", "Closing, as displayed"),
    "epoch_opening": Words("起码 (表计显示)", "Opening, as displayed"),
    "epoch_multiplier": Words("新倍率", "New multiplier"),
    "epoch_width": Words("表底满度", "Rolls over at"),
    "epoch_note": Words("说明", "Why"),
    "epoch_who": Words("谁", "Who"),
    "epoch_declare": Words("登记变动", "Declare a change"),
    "epoch_declare_sub": Words(
        "换表请填旧表止码与新表起码, 都按表计显示填写 (未乘倍率)。",
        "For a swap give the old display's last and the new one's first reading, before any multiplier.",
    ),
    "epoch_save": Words("登记", "Declare"),
    "epoch_no_register": Words(
        "该设备没有累计量, 无需登记。", "This meter counts nothing, so nothing can be declared."
    ),
    "epoch_no_meter": Words("没有这台设备; 请从设备页进入。", "There is no such meter; come here from its page."),
    "epoch_no_number": Words("“{field}”应为数字。", "“{field}” must be a number."),
    "epoch_no_time": Words("请填写日期与时间。", "Give the date and time."),
    "used_measured": Words("实测", "Measured"),
    "used_estimated": Words("估算", "Estimated"),
    "used_missing": Words("缺失", "Missing"),
    "used_sub": Words("近 31 日, 由区间账汇总", "last 31 days, from the accounts"),
    "used_none": Words(
        "尚无用量; 首次核算在几分钟内完成。", "Nothing is accounted for yet; the first round takes minutes."
    ),
}
