"""The web console: what people of the park see, in Chinese first and English by a switch, without any internet.

`install.install` hangs it on the application; nothing else of this package needs to be known outside.
"""
