"""用能: curves of load and consumption, carriers, hours of the day, and who uses most."""

from grafana import influxql, variable
from grafana.board import Board
from grafana.curve import Curve
from grafana.words import Said, Words


def board(words: Words) -> Board:
    """Make the board."""
    made = Board(
        "park-energy",
        words,
        Said("用能", "Energy use"),
        Said("负荷、用量、品种与时段。", "Load, consumption, carriers and hours."),
        start="now-7d",
        variables=[variable.enterprise(words)],
    )
    made.add(
        Curve(
            key="load",
            title=Said("负荷", "Load"),
            about=Said("各企业总表有功功率。", "Active power."),
            asks=[influxql.readings("p", influxql.picked("enterprise"), by=["enterprise"], alias="$tag_enterprise")],
            unit="kW",
        )
    )
    return made
