"""Reads each file named on standard input (one a line) with pydicom, through all Sequences; prints `ok` or the error.

A value that does not fit its VR (letters in a DS) stays as it was in the source and is no matter here.
"""
import sys
import warnings

import pydicom

warnings.simplefilter("ignore")


def visit(data_set):
    for tag in data_set.keys():
        raw = data_set.get_item(tag)
        if getattr(raw, "VR", None) == "SQ":
            for item in data_set[tag].value:
                visit(item)


for line in sys.stdin:
    try:
        visit(pydicom.dcmread(line.rstrip("\n")))
        print("ok", flush=True)
    except Exception as error:
        print(f"{type(error).__name__} {error}".replace("\n", " ")[:200], flush=True)
