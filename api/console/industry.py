"""The industries of GB/T 4754-2017 by division (the first two digits), with names short enough for a bar."""

DIVISIONS: dict[str, tuple[str, str]] = {
    "13": ("农副食品加工", "Agricultural food processing"),
    "14": ("食品制造", "Food manufacturing"),
    "15": ("酒、饮料和精制茶", "Beverages and tea"),
    "16": ("烟草制品", "Tobacco"),
    "17": ("纺织", "Textiles"),
    "18": ("纺织服装、服饰", "Clothing"),
    "19": ("皮革、羽毛和制鞋", "Leather and footwear"),
    "20": ("木材加工和竹木制品", "Wood and bamboo products"),
    "21": ("家具制造", "Furniture"),
    "22": ("造纸和纸制品", "Paper"),
    "23": ("印刷和记录媒介", "Printing"),
    "24": ("文教、工美、体育和娱乐用品", "Toys, crafts and sports goods"),
    "25": ("石油、煤炭及其他燃料加工", "Petroleum and coal processing"),
    "26": ("化学原料和化学制品", "Chemicals"),
    "27": ("医药制造", "Pharmaceuticals"),
    "28": ("化学纤维", "Chemical fibres"),
    "29": ("橡胶和塑料制品", "Rubber and plastics"),
    "30": ("非金属矿物制品", "Building materials and minerals"),
    "31": ("黑色金属冶炼和压延", "Ferrous metals"),
    "32": ("有色金属冶炼和压延", "Non-ferrous metals"),
    "33": ("金属制品", "Metal products"),
    "34": ("通用设备制造", "General machinery"),
    "35": ("专用设备制造", "Special machinery"),
    "36": ("汽车制造", "Motor vehicles"),
    "37": ("其他运输设备", "Other transport equipment"),
    "38": ("电气机械和器材", "Electrical machinery"),
    "39": ("计算机、通信和电子设备", "Computers and electronics"),
    "40": ("仪器仪表", "Instruments"),
    "41": ("其他制造", "Other manufacturing"),
    "42": ("废弃资源综合利用", "Recycling"),
    "43": ("设备修理", "Repair of equipment"),
    "44": ("电力、热力生产和供应", "Power and heat supply"),
    "45": ("燃气生产和供应", "Gas supply"),
    "46": ("水的生产和供应", "Water supply"),
}


def division(code: str) -> str:
    """Give the division of an industry code: its first two digits, also where a letter stands before them."""
    return code.strip().lstrip("ABCDEFGHIJKLMNOPQRST")[:2]


def name(code: str, language: str) -> str:
    """Name the industry of a code; a code outside the table shows as it is."""
    found = DIVISIONS.get(division(code))
    return code if found is None else found[0 if language == "zh" else 1]
