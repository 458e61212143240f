"""Every element of each file named on standard input (one a line) as pydicom reads it, before it makes values of them.

A line of JSON for each file: a list of [path, VR or null, length, digest] with Items counted from 0, a Sequence as
[path, VR, "items", count] and encapsulated pixels as [path, VR, "fragments", [[length, digest], ...]]; or an error.
Length and digest are null where only the value is left.
"""
import hashlib
import json
import struct
import sys
import warnings

import pydicom
from pydicom.dataelem import RawDataElement
from pydicom.sequence import Sequence

warnings.simplefilter("ignore")


def digest(value):
    return hashlib.sha1(value).hexdigest()[:12]


def fragments(value):
    found = []
    at = 0
    while at + 8 <= len(value):
        group, element, length = struct.unpack_from("<HHL", value, at)
        if (group, element) != (0xFFFE, 0xE000):
            break
        part = value[at + 8 : at + 8 + length]
        found.append([length, digest(part)])
        at += 8 + length
    return found


def visit(data_set, path, into):
    for tag in sorted(data_set.keys()):
        raw = data_set.get_item(tag)
        here = f"{path}{tag.group:04X}{tag.elem:04X}"
        vr = raw.VR
        known = isinstance(raw.value, Sequence)
        if not known and (vr == "SQ" or vr in (None, "UN")):
            # What pydicom itself takes for a Sequence.
            element = data_set[tag]
            known = element.VR == "SQ"
            if known and vr != "UN":
                vr = "SQ"
        if known:
            items = data_set[tag].value
            into.append([here, vr, "items", len(items)])
            for number, item in enumerate(items):
                visit(item, f"{here}/{number}/", into)
        elif getattr(raw, "length", 0) == 0xFFFFFFFF or (tag == 0x7FE00010 and getattr(raw, "is_undefined_length", False)):
            into.append([here, vr, "fragments", fragments(raw.value)])
        elif not isinstance(raw, RawDataElement):
            # The File Meta Information and the character set, which pydicom has made values of.
            into.append([here, vr, None, None])
        else:
            value = raw.value if raw.value is not None else b""
            into.append([here, vr, len(value), digest(value)])


for line in sys.stdin:
    try:
        data_set = pydicom.dcmread(line.rstrip("\n"))
        elements = []
        visit(data_set.file_meta, "", elements)
        visit(data_set, "", elements)
        told = {"elements": elements}
    except Exception as error:
        told = {"error": f"{type(error).__name__}: {error}"[:200]}
    print(json.dumps(told), flush=True)
