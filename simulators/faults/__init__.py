"""What goes wrong with devices, each a pure change of what flows, what is shown or what is said; the truth stays known.

A fault touches one of three things: what really flows (a leak, a power cut), what the device shows of it (a stuck
sensor, a register set back), or what is said on the line (lost, late, twice).  Only the first changes the truth, and
that again in closed form.
"""
