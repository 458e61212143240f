"""Reads each file named on standard input (one a line) with pydicom, to the last value; prints one JSON line for each."""
import hashlib
import json
import sys
import warnings

import pydicom

warnings.simplefilter("ignore")
PIXELS = ("PixelData", "FloatPixelData", "DoubleFloatPixelData")


def visit(data_set):
    for element in data_set:
        if element.VR == "SQ":
            for item in element.value:
                visit(item)


for line in sys.stdin:
    path = line.rstrip("\n")
    try:
        data_set = pydicom.dcmread(path)
        visit(data_set)
        pixels = [getattr(data_set, name) for name in PIXELS if name in data_set]
        told = {"ok": True, "pixels": [[len(value), hashlib.sha256(value).hexdigest()] for value in pixels if value is not None]}
        told["syntax"] = str(getattr(data_set.file_meta, "TransferSyntaxUID", ""))
    except Exception as error:  # what it is does not matter: the source fails the same way or the test does
        told = {"ok": False, "error": type(error).__name__}
    print(json.dumps(told), flush=True)
