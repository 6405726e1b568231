"""Floor 2, who lives outside: mail, files, the rendering process.

Each is a Protocol, the real one and, where tests need it, a fake. They know how, never why.
"""
