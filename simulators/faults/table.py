"""Every fault there is, by its name in a scenario file, with what it does in both languages."""

from typing import Final, NamedTuple

from simulators.faults.courses import GasLeak, StackExceedance
from simulators.faults.fault import Fault
from simulators.faults.flows import PipeLeak, PowerLoss
from simulators.faults.lines import ClockSkew, Dropout, Duplicate, FlappingLine, OutOfOrder, Reconnects
from simulators.faults.registers import MultiplierChange, Replacement, Reset, Rollover
from simulators.faults.sensors import Drift, FlappingValue, Noise, Spike, Stuck
from simulators.faults.strangers import Malformed, TwoDevices
from simulators.faults.units import UnitChange


class Known(NamedTuple):
    """A fault with its words."""

    kind: type[Fault]
    zh: str
    en: str


FAULTS: Final[dict[str, Known]] = {
    "dropout": Known(Dropout, "断线: 其间数据丢失, 或恢复后补发", "the line is dead: lost, or sent afterwards"),
    "duplicate": Known(Duplicate, "同一条报文重复送达", "each message comes again"),
    "out_of_order": Known(OutOfOrder, "报文乱序", "messages overtake one another"),
    "clock_skew": Known(ClockSkew, "设备时钟偏快或偏慢", "the device's clock is fast or slow"),
    "stuck": Known(Stuck, "网关一直重复同一个值", "the gateway repeats one value"),
    "spike": Known(Spike, "突跳: 一个或几个异常值", "one value, or a few, from nowhere"),
    "drift": Known(Drift, "传感器漂移", "a sensor walks away from the truth"),
    "noise": Known(Noise, "数值抖动", "a value trembles"),
    "unit_change": Known(UnitChange, "改用别的单位上报, 说明或不说明", "another unit, said or not said"),
    "multiplier_change": Known(MultiplierChange, "更换互感器 (倍率改变)", "other transformers before the meter"),
    "rollover": Known(Rollover, "表底翻转", "the register runs out of digits"),
    "reset": Known(Reset, "表底清零", "the register is set back"),
    "replacement": Known(Replacement, "换上新表或旧表", "another meter, new or used, in its place"),
    "two_devices": Known(TwoDevices, "两台设备共用一个编号", "two devices under one id"),
    "malformed": Known(Malformed, "无法读取的报文", "messages that cannot be read"),
    "flapping_value": Known(FlappingValue, "触点抖动: 两个值来回跳", "a contact chatters between two values"),
    "flapping_line": Known(FlappingLine, "时断时续的线路", "a line that comes and goes"),
    "gas_leak": Known(GasLeak, "可燃或有毒气体泄漏", "gas escapes beside a detector"),
    "stack_exceedance": Known(StackExceedance, "烟囱排放超标", "a chimney exceeds its limit"),
    "pipe_leak": Known(PipeLeak, "管道漏损", "a pipe leaks behind the meter"),
    "power_loss": Known(PowerLoss, "停电: 用能与设备一同停止", "the power is away, and the devices with it"),
    "reconnects": Known(Reconnects, "重连风暴", "a storm of reconnects"),
}
