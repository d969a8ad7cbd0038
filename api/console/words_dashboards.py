"""The words of the page that shows Grafana's boards."""

from api.console.wording import Words

WORDS: dict[str, Words] = {
    "room_dashboards": Words("看板", "Boards"),
    "dashboards_sub": Words("来自 Grafana", "from Grafana"),
    "dashboards_which": Words("看板", "Boards"),
    "dashboards_overview": Words("园区总览", "Overview"),
    "dashboards_energy": Words("用能", "Energy"),
    "dashboards_carbon": Words("碳排放", "Carbon"),
    "dashboards_intensity": Words("亩均与强度", "Intensity"),
    "dashboards_emission": Words("排放与环保", "Emissions"),
    "dashboards_safety": Words("安全", "Safety"),
    "dashboards_enterprise": Words("企业", "Enterprise"),
    "dashboards_meter": Words("计量设备", "Meter"),
    "dashboards_quality": Words("数据质量", "Data quality"),
    "dashboards_platform": Words("平台", "Platform"),
    "dashboards_open": Words("在新窗口打开", "Open in a window of its own"),
    "dashboards_nothing": Words(
        "若上方空白: 请先在新窗口登录 Grafana; 并确认 Grafana 设置了 GF_SECURITY_ALLOW_EMBEDDING=true, "
        "且与控制台同为 http 或同为 https。",
        "If nothing shows above: sign in to Grafana in a window of its own first, and see that it has "
        "GF_SECURITY_ALLOW_EMBEDDING=true and is reached by http or https as the console is.",
    ),
    "dashboards_empty_title": Words("尚未连接 Grafana", "No Grafana yet"),
    "dashboards_empty": Words(
        "docker compose 部署自带 Grafana 与全部看板。请把浏览器访问 Grafana 的地址写入设置, 然后重启接口服务, 例如:",
        "The compose stack has Grafana with all boards. Write the address at which browsers reach it into the settings "
        "and start the API again, for example:",
    ),
    "dashboards_empty_without": Words(
        "没有 Grafana 时, 控制台的总览、用能、碳排放、强度、告警与数据质量页同样给出这些数字。",
        "Without Grafana the console's own pages on energy, carbon, intensity, alerts and data quality give the same "
        "figures.",
    ),
}
