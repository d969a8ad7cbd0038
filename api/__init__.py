"""REST, live stream and console: what people and scripts see of the park.

`bootstrap.build` makes the application; it alone knows every part.
"""
