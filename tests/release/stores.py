"""An object store as its readers see it, and a process that is killed while it puts something there."""

import hashlib

import obstore
import orjson

from tests.release.unpacking import UNPACK


class Reader:
    """Somebody who reads the list there, and knows the index alone."""

    def __init__(self, url):
        self.store = obstore.store.from_url(url, **({"mkdir": True} if url.startswith("file:") else {}))

    def read(self, name):
        return bytes(obstore.get(self.store, name).bytes())

    def names(self):
        return {found["path"]: found for page in obstore.list(self.store) for found in page}

    def carried(self):
        """The serial and the plain files that the index leads to; each file, and each packed copy, is what the index says it is."""
        index = orjson.loads(self.read("index.json"))
        files = {}
        for form in index["formats"]:
            plain = files[form["file"]] = self.read(form["address"])
            assert hashlib.sha256(plain).hexdigest() == form["sha256"]
            assert {coding: UNPACK[coding](self.read(form[coding]["address"])) == plain for coding in UNPACK} == dict.fromkeys(UNPACK, True)
        return index["serial"], files


# The library keeps threads of its own, which no fork takes along: a process of its own, without all that the package loads.
PUTS_AND_DIES = """
import os, signal, sys, types
sys.modules["app"] = types.ModuleType("app")
sys.modules["app"].__path__ = ["app"]
import obstore
from app import clock
from app.release.stores import store_current
from config import Settings
data, url, last = sys.argv[1:]
original, count = obstore.put, 0
def counted(*arguments, **how):
    global count
    count += 1
    if count == int(last):
        os.kill(os.getpid(), signal.SIGKILL)
    return original(*arguments, **how)
obstore.put = counted
store_current(Settings.from_env({"FLAGSTONE_DATA": data}), url, at=clock.now())
"""
