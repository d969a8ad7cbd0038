"""The words of the plan of the site."""

from api.console.wording import Words

WORDS: dict[str, Words] = {
    "room_plan": Words("平面图", "Plan"),
    "site_plan_auto": Words(
        "每格一家企业, 大小按用地面积; 每点一台设备。", "A box is an enterprise, by its land; a point is a meter."
    ),
    "site_plan_drawn": Words("点位在上传的平面图上。", "Points stand on the picture that was uploaded."),
    "site_plan_counts": Words("{n} 台设备, {m} 台告警", "{n} meters, {m} burn"),
    "site_plan_legend": Words("图例", "Legend"),
    "site_plan_state_calm": Words("正常", "Calm"),
    "site_plan_state_silent": Words("离线", "Silent"),
    "site_plan_state_never": Words("从未上报", "Never heard"),
    "site_plan_blinks": Words("闪动 = 无人处置", "Pulsing: nobody looks after it"),
    "site_plan_more": Words("另有 {n} 项", "and {n} more"),
    "site_plan_unplaced": Words("未放置", "Without a place"),
    "site_plan_unplaced_sub": Words("移动点位时可拖到图上", "Drag them onto the picture while moving points"),
    "site_plan_move": Words("移动点位", "Move points"),
    "site_plan_move_end": Words("完成移动", "Stop moving"),
    "site_plan_move_hint": Words(
        "拖动点位, 松开即保存; 也可用方向键。", "Drag a point; letting go keeps it. Arrow keys do, too."
    ),
    "site_plan_upload": Words("上传平面图…", "Upload a picture…"),
    "site_plan_upload_hint": Words("PNG、JPEG 或 WebP, 不超过 5 MB", "PNG, JPEG or WebP, 5 MB at most"),
    "site_plan_remove": Words("撤下图片", "Take the picture away"),
    "site_plan_remove_sure": Words("撤下图片? 点位位置保留。", "Take the picture away? Places of points are kept."),
    "site_plan_picture": Words("园区平面图", "Picture of the site"),
    "site_plan_empty_title": Words("还没有设备", "No meters yet"),
    "site_plan_empty": Words("导入台账后, 设备即显示在这里。", "Import a registry, and its meters show here."),
}
