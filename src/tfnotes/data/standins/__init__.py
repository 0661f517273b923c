"""What a page runs on where the real data cannot be had: same kinds of values, few and cheap.

Everything here is deterministic: a stand-in is made by a generator with a fixed seed or comes
with a dependency, so that every machine sees the same one.
"""
